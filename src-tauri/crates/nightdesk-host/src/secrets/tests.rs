use super::*;
use nightdesk_huntress::Credentials;

#[derive(Default)]
struct Drawer {
    entries: Mutex<HashMap<String, String>>,
    locked: bool,
}

impl Keychain for Drawer {
    fn get(&self, entry: &str) -> Result<Option<SecretString>, Error> {
        // As a locked Secret Service does: it shows nothing rather than failing.
        Ok(self.entries.lock().unwrap().get(entry).filter(|_| !self.locked).cloned().map(SecretString::from))
    }
    fn set(&self, entry: &str, value: &SecretString) -> Result<(), Error> {
        if self.locked {
            return Err(Error::Locked("locked".into()));
        }
        self.entries.lock().unwrap().insert(entry.into(), value.expose_secret().into());
        Ok(())
    }
    fn delete(&self, entry: &str) -> Result<bool, Error> {
        Ok(self.entries.lock().unwrap().remove(entry).is_some())
    }
}

fn secrets(environment: &'static [(&'static str, &'static str)], keychain: Drawer) -> Secrets {
    let find = move |name: &str| environment.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
    Secrets::new(Box::new(find), Arc::new(keychain))
}

#[test]
fn the_environment_wins_over_the_keychain_unless_it_is_empty() {
    let stored = |s: &Secrets| {
        s.set(Name::HuntressApiKey, &"hk_chain".into()).unwrap();
        s.get(Name::HuntressApiKey).unwrap().expose_secret().to_owned()
    };
    assert_eq!(stored(&secrets(&[("NIGHTDESK_SECRET_HUNTRESS_API_KEY", "hk_env\n")], Drawer::default())), "hk_env");
    assert_eq!(stored(&secrets(&[("NIGHTDESK_SECRET_HUNTRESS_API_KEY", "")], Drawer::default())), "hk_chain");
    assert_eq!(stored(&secrets(&[], Drawer::default())), "hk_chain");
}

#[test]
fn one_line_break_is_taken_off_and_nothing_else() {
    let s = secrets(&[], Drawer::default());
    s.set(Name::HuntressApiSecret, &"  hs x\r\n".into()).unwrap();
    assert_eq!(s.get(Name::HuntressApiSecret).unwrap().expose_secret(), "  hs x");
    assert_eq!(s.set(Name::HuntressApiSecret, &"\n".into()), Err(Error::Empty(Name::HuntressApiSecret)));
    assert!(s.delete(Name::HuntressApiSecret).unwrap());
    assert_eq!(s.get(Name::HuntressApiSecret).unwrap_err(), Error::Missing { name: Name::HuntressApiSecret });
    assert!(!s.delete(Name::HuntressApiSecret).unwrap());
}

#[test]
fn an_unknown_name_lists_those_there_are() {
    let words = Name::parse("PIGEON_PASSWORD").unwrap_err().to_string();
    assert!(words.contains("HUNTRESS_API_KEY, HUNTRESS_API_SECRET, TWILIO_AUTH_TOKEN"), "{words}");
}

#[test]
fn a_locked_keychain_is_told_from_an_empty_one() {
    let locked = secrets(&[], Drawer { locked: true, ..Drawer::default() });
    assert!(matches!(locked.test(Name::HuntressApiKey), Err(Error::Locked(_))));
    let empty = secrets(&[], Drawer::default());
    assert_eq!(empty.test(Name::HuntressApiKey), Err(Error::Missing { name: Name::HuntressApiKey }));
}

#[test]
fn nd_12_nothing_printable_holds_a_secret() {
    let s =
        Secrets::fixed([(Name::HuntressApiKey, "hk_visible".into()), (Name::HuntressApiSecret, "hs_visible".into())]);
    assert_eq!(s.huntress().unwrap().0.expose_secret(), "hk_visible");
    let printed = format!("{s:?} {:?}", s.huntress().unwrap());
    assert!(!printed.contains("visible"), "{printed}");
}

#[test]
fn a_missing_key_names_itself_to_the_poller() {
    let s = Secrets::fixed([(Name::HuntressApiKey, "hk".into())]);
    assert_eq!(s.huntress().unwrap_err(), HuntressError::NoCredentials { name: "HUNTRESS_API_SECRET" });
}

#[test]
fn the_encrypted_file_stands_in_the_keychains_place_only_once_it_was_chosen() {
    let outside = tempfile::tempdir().unwrap();
    let dir = DataDir::at(outside.path()).unwrap();
    let made = || secrets(&[], Drawer { locked: true, ..Drawer::default() }).beside(&dir);
    let s = made();
    assert_eq!(s.place(), Place::Keychain);
    assert!(matches!(s.set(Name::HuntressApiKey, &"hk".into()), Err(Error::Locked(_))));
    assert!(!dir.secrets().exists(), "never silently");
    s.choose_file(&"three owls at noon".into()).unwrap();
    s.set(Name::HuntressApiKey, &"hk".into()).unwrap();
    let s = made();
    assert_eq!((s.place(), s.probe()), (Place::LockedFile, Err(Error::FileLocked)));
    assert_eq!(
        s.for_huntress(Name::HuntressApiKey).unwrap_err(),
        HuntressError::Keychain(Error::FileLocked.to_string())
    );
    s.unlock(&"three owls at noon".into()).unwrap();
    assert_eq!((s.place(), s.get(Name::HuntressApiKey).unwrap().expose_secret()), (Place::File, "hk"));
}
