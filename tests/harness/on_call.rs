//! A desk whose people can be reached.

use crate::calling::Line;
use crate::{Scene, configuration};
use nightdesk_core::clock::Clock as _;
use nightdesk_core::config::Channel;
use nightdesk_standin::carrier::Carrier as CarrierStandin;
use nightdesk_standin::{Account, IncidentBuilder};
use std::sync::Arc;

impl Scene {
    /// A desk with a carrier, whose contacts are verified: `phones` is the call tree, in order.
    pub async fn on_call(phones: &[(&str, &str)]) -> Self {
        Self::on_call_at(Self::account(), phones).await
    }

    /// The same for another account.
    pub async fn on_call_at(account: Account, phones: &[(&str, &str)]) -> Self {
        let mut scene = Self::open(account).await;
        scene.carrier = Some(CarrierStandin::start(Arc::new(scene.clock.clone())).await.unwrap());
        scene.apply(&scene.on_call_toml(phones));
        let now = scene.clock.now();
        for (_, phone) in phones {
            scene.write(|tx| tx.verify_contact(phone, now, Channel::Sms).unwrap());
        }
        scene.world().publish(IncidentBuilder::low().organization(4));
        scene.start().await;
        scene.requests();
        scene
    }

    /// The configuration of a desk with a carrier and this call tree, in order.
    pub fn on_call_toml(&self, phones: &[(&str, &str)]) -> String {
        let mut toml = configuration(&self.soc.base_url());
        toml.push_str(&Line::to(self.phones()).toml());
        for (name, phone) in phones {
            toml.push_str(&format!(
                "\n[[contact]]\nname = {name:?}\nphone = {phone:?}\nchannels = [\"sms\", \"call\"]\n"
            ));
        }
        toml
    }

    /// The stand-in carrier.
    ///
    /// # Panics
    /// Where the story has none.
    pub fn phones(&self) -> &CarrierStandin {
        self.carrier.as_ref().expect("the story has a carrier")
    }
}
