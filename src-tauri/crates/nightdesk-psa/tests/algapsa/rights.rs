//! What the key may do, without doing it.

use nightdesk_core::port::{Access, Psa, PsaError};
use nightdesk_standin::algapsa::Fault;

use crate::desk::Scene;

fn lacking(access: &Access) -> Vec<(&str, bool)> {
    access.lacking().map(|right| (right.to.as_str(), right.is_needed)).collect()
}

#[tokio::test]
async fn a_key_with_all_rights_and_one_without_some() {
    let scene = Scene::new().await;
    let access = scene.psa.access().await.unwrap();
    assert!(access.rights.iter().all(|right| right.granted == Some(true)), "{access:?}");
    scene.desk().deny("ticket_settings:read");
    scene.desk().deny("ticket:create");
    scene.desk().deny("client:read");
    let access = scene.psa.access().await.unwrap();
    assert_eq!(lacking(&access), [("read clients", true), ("read categories", false), ("open tickets", true)]);
    assert!(access.lacking().all(|right| right.said.is_some() && right.permission.is_some()));
    scene.desk().deny("ticket:update");
    let access = scene.psa.access().await.unwrap();
    assert!(lacking(&access).contains(&("close and reopen tickets", true)));
    assert!(scene.desk().tickets().is_empty(), "nothing was made");
}

#[tokio::test]
async fn a_product_without_the_api_is_said_of_every_right() {
    let scene = Scene::new().await;
    scene.desk().set_product_access(false);
    let access = scene.psa.access().await.unwrap();
    assert!(access.rights.iter().all(|right| right.granted == Some(false)));
}

#[tokio::test]
async fn what_could_not_be_asked_stays_open_and_a_refused_key_is_no_answer() {
    let scene = Scene::new().await;
    scene.standin.fault(Fault::status(500).on("/comments"));
    let access = scene.psa.access().await.unwrap();
    let notes = access.rights.iter().find(|right| right.to == "add notes").unwrap();
    assert_eq!((notes.granted, access.lacking().count()), (None, 0));
    scene.desk().expire_key();
    assert!(matches!(scene.psa.access().await, Err(PsaError::Refused(_))));
}
