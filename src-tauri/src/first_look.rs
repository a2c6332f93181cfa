//! What a new window shows before it can ask. The desk is read while the window's process starts, and the page is given
//! what was read as it is fetched.

use crate::program::Program;
use nightdesk_api as api;
use nightdesk_api::rpc;
use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;
use tauri::http::Response;
use tauri::http::header::CONTENT_TYPE;

/// A desk that is busy for longer doesn't hold up its window.
const PATIENCE: Duration = Duration::from_millis(250);

/// Where the page looks for it.
const NAME: &str = "first-look";

/// The newest window's first look, while it is being taken and until its page has it.
// One for the program: WebKit asks whoever opened the first window for every window's pages.
#[derive(Default)]
pub struct FirstLook(Mutex<Option<mpsc::Receiver<String>>>);

impl FirstLook {
    /// Begins to take one.
    pub fn take(program: Arc<Program>) {
        let looking = Arc::clone(&program);
        let (tell, told) = mpsc::channel();
        tauri::async_runtime::spawn(async move {
            if let Some(look) = read(&looking).await {
                let _closed = tell.send(look);
            }
        });
        *program.first_look.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
    }

    /// Puts it into a window's page, once: a page that is read again asks. Whatever else is fetched stays as it is.
    pub fn put(&self, response: &mut Response<Cow<'static, [u8]>>) {
        let is_page =
            response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if !is_page {
            return;
        }
        let Some(told) = self.0.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        // Ends at once where there is none, or where taking it has ended without one.
        let Ok(look) = told.recv_timeout(PATIENCE) else { return };
        if let Some(page) = std::str::from_utf8(response.body()).ok().and_then(|page| with(page, &look)) {
            *response.body_mut() = page.into_bytes().into();
        }
    }
}

async fn read(program: &Program) -> Option<String> {
    let asked = program.desk.ask(|tx, at| api::first_look(tx, at)?.map(|look| rpc::json(&look)).transpose());
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(look)) => look.map(|json| json.get().to_owned()),
        Ok(Err(error)) => {
            tracing::debug!(%error, "a new window begins without a first look");
            None
        }
        Err(_) => None,
    }
}

/// The page with a text in its head that its scripts can read; `None` for what has no head. The text is data, not a
/// script, so that the content policy needs no exception; vendors' words in it are held by the quotes.
fn with(page: &str, text: &str) -> Option<String> {
    let (before, after) = page.split_once("</head>")?;
    let text = text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    Some(format!("{before}<meta name=\"{NAME}\" content=\"{text}\"></head>{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(kind: &str) -> Response<Cow<'static, [u8]>> {
        let page: &'static [u8] = b"<html><head></head><body></body></html>";
        Response::builder().header(CONTENT_TYPE, kind).body(page.into()).unwrap()
    }

    fn taken(look: &str) -> FirstLook {
        let (tell, told) = mpsc::channel();
        tell.send(look.to_owned()).unwrap();
        FirstLook(Mutex::new(Some(told)))
    }

    #[test]
    fn nothing_that_a_vendor_wrote_gets_out_of_its_quotes() {
        let page = with("<head></head><body>", r#"{"a":"\"><script>alert('&lt;')</script>"}"#).unwrap();
        let held = r#"{&quot;a&quot;:&quot;\&quot;>&lt;script>alert('&amp;lt;')&lt;/script>&quot;}"#;
        assert_eq!(page, format!("<head><meta name=\"first-look\" content=\"{held}\"></head><body>"));
    }

    #[test]
    fn the_page_gets_it_once_and_nothing_else_does() {
        let look = taken("{}");
        let mut style = answer("text/css");
        look.put(&mut style);
        assert_eq!(style.body(), answer("text/css").body());
        let mut page = answer("text/html; charset=utf-8");
        look.put(&mut page);
        let text = String::from_utf8(page.body().to_vec()).unwrap();
        assert_eq!(text, "<html><head><meta name=\"first-look\" content=\"{}\"></head><body></body></html>");
        let mut again = answer("text/html");
        look.put(&mut again);
        assert_eq!(again.body(), answer("text/html").body());
    }

    #[test]
    fn a_page_doesnt_wait_where_there_is_none() {
        let (tell, told) = mpsc::channel();
        drop(tell);
        let mut page = answer("text/html");
        FirstLook(Mutex::new(Some(told))).put(&mut page);
        assert_eq!(page.body(), answer("text/html").body());
    }
}
