//! The window's inside, through WebKit's own driver.

use super::processes::Process;
use super::program::{self, tool};
use super::session::Session;
use super::until::{SOON, until};
use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::Duration;

/// An element of the page.
pub type Element = fantoccini::elements::Element;

/// How many steps a drag takes on its way: a hand doesn't jump.
const STEPS: i64 = 8;

/// The driver with the program that it started.
pub struct Driver {
    /// The page in the window.
    pub page: Page,
    /// The program.
    pub process: Process,
    driver: std::process::Child,
}

/// The page that the window shows.
pub struct Page(pub Client);

impl Driver {
    /// Starts the program with its window open.
    ///
    /// # Panics
    /// When it doesn't open one.
    pub async fn start(session: &Session, arguments: &[&str]) -> Self {
        // The driver says on no channel which free port it took.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(tool("WebKitWebDriver", "webkit2gtk-driver"));
        session.surround(&mut command);
        command.arg(format!("--port={port}")).env("TAURI_WEBVIEW_AUTOMATION", "true");
        command.stdin(Stdio::null()).stdout(session.log("desktop")).stderr(session.log("desktop"));
        let driver = command.spawn().unwrap();
        until("the driver listens", SOON, async || {
            tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok().map(drop)
        })
        .await;
        let options = json!({ "binary": program::desktop(), "args": arguments });
        let wanted = [("webkitgtk:browserOptions".to_owned(), options)].into_iter().collect();
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let mut builder = ClientBuilder::new(connector);
        builder.capabilities(wanted);
        let address = format!("http://127.0.0.1:{port}");
        let client = tokio::time::timeout(SOON, builder.connect(&address)).await;
        let client = client.expect("the program opens a window").unwrap();
        let process = session.desktops().into_iter().next().expect("the program runs");
        let page = Page(client);
        page.until_open().await;
        Self { page, process, driver }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It may have ended with the program.
        let _gone = self.driver.kill();
        let _gone = self.driver.wait();
    }
}

impl Page {
    /// Waits for what a CSS selector names.
    pub async fn find(&self, selector: &str) -> Element {
        let looking = async {
            loop {
                if let Ok(found) = self.0.find(Locator::Css(selector)).await {
                    return found;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        };
        match tokio::time::timeout(SOON, looking).await {
            Ok(found) => found,
            Err(_) => panic!("the page has no {selector}; it says:\n{}", self.words().await),
        }
    }

    /// Everything that can be read on the page.
    async fn words(&self) -> String {
        let said = self.0.execute("return `${location.href}\\n${document.body?.innerText}`", Vec::new());
        match tokio::time::timeout(Duration::from_secs(5), said).await {
            Ok(Ok(Value::String(words))) => words,
            other => format!("nothing: {other:?}"),
        }
    }

    /// How many elements a selector names now.
    pub async fn count(&self, selector: &str) -> usize {
        self.0.find_all(Locator::Css(selector)).await.map(|found| found.len()).unwrap_or_default()
    }

    /// Waits until the selector names so many.
    pub async fn until_count(&self, selector: &str, n: usize) {
        until(&format!("the page has {n} of {selector}"), SOON, async || {
            (self.count(selector).await == n).then_some(())
        })
        .await;
    }

    /// Waits until an element's text holds this. Asked of the page itself: the driver leaves out what is cut short.
    pub async fn until_text(&self, selector: &str, text: &str) {
        let mut seen = String::new();
        let reading = async {
            loop {
                let script = "return document.querySelector(arguments[0])?.textContent ?? ''";
                if let Ok(Value::String(now)) = self.0.execute(script, vec![json!(selector)]).await {
                    seen = now;
                }
                if seen.contains(text) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        };
        let in_time = tokio::time::timeout(SOON, reading).await;
        if in_time.is_err() {
            panic!("{selector} says {seen:?}, not {text:?}; the page says:\n{}", self.words().await);
        }
    }

    /// Clicks what a selector names.
    pub async fn click(&self, selector: &str) {
        until(&format!("{selector} can be clicked"), SOON, async || {
            self.0.find(Locator::Css(selector)).await.ok()?.click().await.ok()
        })
        .await;
    }

    /// Clicks the button, link or menu line with this accessible name.
    pub async fn press(&self, name: &str) {
        let script = r#"
            const name = arguments[0];
            const text = (e) => (e.getAttribute("aria-label") ?? e.textContent ?? "").trim();
            const all = [...document.querySelectorAll("button, a, [role=menuitem], [role=button], [role=option]")];
            return all.find((e) => text(e) === name && e.getClientRects().length > 0 && !e.disabled) ?? null;
        "#;
        until(&format!("{name:?} can be pressed"), SOON, async || {
            let found = self.0.execute(script, vec![json!(name)]).await.ok().filter(|found| !found.is_null())?;
            let element: fantoccini::elements::ElementRef = serde_json::from_value::<Reference>(found).ok()?.0.into();
            Element::from_element_id(self.0.clone(), element).click().await.ok()
        })
        .await;
    }

    /// Types into what a selector names, in place of what stands there.
    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self.find(selector).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Drags one element onto another, as a hand does it.
    pub async fn drag(&self, from: &str, to: &str) {
        let (from, to) = (self.middle(from).await, self.middle(to).await);
        let at = |step: i64| (from.0 + (to.0 - from.0) * step / STEPS, from.1 + (to.1 - from.1) * step / STEPS);
        let moved = |duration: u64, (x, y): (i64, i64)| PointerAction::MoveTo {
            duration: Some(Duration::from_millis(duration)),
            x: x as f64,
            y: y as f64,
        };
        let mut hand = MouseActions::new("hand".to_owned()).then(moved(0, from));
        hand = hand.then(PointerAction::Down { button: MOUSE_BUTTON_LEFT });
        for step in 1..=STEPS {
            hand = hand.then(moved(30, at(step)));
        }
        // Over the target the hand comes to rest before it lets go, and the board has time to show where it is.
        hand = hand.then(PointerAction::Pause { duration: Duration::from_millis(300) });
        hand = hand.then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.0.perform_actions(hand).await.unwrap();
    }

    /// The middle of what a selector names, scrolled into sight.
    async fn middle(&self, selector: &str) -> (i64, i64) {
        self.find(selector).await;
        let script = "const e = document.querySelector(arguments[0]); e.scrollIntoView({ block: 'nearest' });
            const r = e.getBoundingClientRect();
            return [Math.round(r.x + r.width / 2), Math.round(r.y + r.height / 2)];";
        let found = self.0.execute(script, vec![json!(selector)]).await.unwrap();
        (found[0].as_i64().unwrap(), found[1].as_i64().unwrap())
    }

    /// Turns to the boards' window, which has another handle after it was closed and opened again. The alarm's window is
    /// none of them.
    pub async fn until_open(&self) {
        until("the boards' window is open", SOON, async || {
            for handle in self.0.windows().await.ok()? {
                self.0.switch_to_window(handle).await.ok()?;
                let place = self.0.execute("return location.href", Vec::new()).await.ok()?;
                if place.as_str().is_some_and(|place| place.contains("localhost") && !place.contains("#/alarm")) {
                    return Some(());
                }
            }
            None
        })
        .await;
    }

    /// Runs a script in the page.
    pub async fn run(&self, script: &str) -> Value {
        self.0.execute(script, Vec::new()).await.unwrap()
    }
}

/// An element as scripts answer it.
struct Reference(String);

impl<'de> serde::Deserialize<'de> for Reference {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let found = std::collections::HashMap::<String, String>::deserialize(deserializer)?;
        found.into_values().next().map(Self).ok_or_else(|| serde::de::Error::custom("not an element"))
    }
}
