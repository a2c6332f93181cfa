//! What the bridge is asked to show.

use std::path::PathBuf;

const USAGE: &str = "usage: nightdesk-bridge [--scene empty|triage|oncall|outside|psa|setup|night|many:N|security:N] [--ui FOLDER] [--port PORT]";

/// What the desk begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scene {
    /// Configured, watching, and nothing has happened.
    Empty,
    /// A dozen incidents of every kind, most of them waiting on triage.
    Triage,
    /// Nothing has happened, and two people are on call: see [`crate::phones`].
    OnCall,
    /// Nothing has happened; e-mail is set up and Huntress's webhooks are listened for: see [`crate::outside`].
    Outside,
    /// A dozen incidents, and AlgaPSA is the desk: see [`crate::psa`].
    Psa,
    /// Nothing is set up: no key, no configuration.
    Setup,
    /// The demo's night, sixty times as fast.
    Night,
    /// So many tickets on triage.
    Many(usize),
    /// So many on the security board, a third of them closed.
    Security(usize),
}

/// The command line.
pub struct Args {
    pub scene: Scene,
    pub ui: PathBuf,
    pub port: u16,
}

impl Args {
    pub fn read(mut words: impl Iterator<Item = String>) -> Result<Self, String> {
        let ui = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../ui/dist");
        let mut args = Self { scene: Scene::Triage, ui, port: 0 };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} lacks its value\n{USAGE}"));
            match word.as_str() {
                "--scene" => args.scene = scene(&value()?)?,
                "--ui" => args.ui = value()?.into(),
                "--port" => args.port = value()?.parse().map_err(|e| format!("--port: {e}"))?,
                other => return Err(format!("{other:?} is not known\n{USAGE}")),
            }
        }
        Ok(args)
    }
}

fn scene(word: &str) -> Result<Scene, String> {
    let (name, count) = match word.split_once(':') {
        Some((name, count)) => (name, Some(count.parse().map_err(|e| format!("--scene {word}: {e}"))?)),
        None => (word, None),
    };
    match (name, count) {
        ("empty", None) => Ok(Scene::Empty),
        ("triage", None) => Ok(Scene::Triage),
        ("oncall", None) => Ok(Scene::OnCall),
        ("outside", None) => Ok(Scene::Outside),
        ("psa", None) => Ok(Scene::Psa),
        ("setup", None) => Ok(Scene::Setup),
        ("night", None) => Ok(Scene::Night),
        ("many", Some(n)) => Ok(Scene::Many(n)),
        ("security", Some(n)) => Ok(Scene::Security(n)),
        _ => Err(format!("there is no scene {word:?}\n{USAGE}")),
    }
}
