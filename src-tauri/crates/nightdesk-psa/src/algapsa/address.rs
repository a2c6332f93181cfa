//! Where requests go.

use nightdesk_core::port::PsaError;
use url::Url;

/// The host that a person wrote, without a slash at its end. The API's own path may have been copied along.
pub(super) fn root(base_url: &str) -> Result<Url, PsaError> {
    let refuse = |reason: &str| PsaError::Unreachable(format!("desk.base_url: {reason}"));
    let mut url = Url::parse(base_url.trim())
        .map_err(|_| refuse("it is not an address; expected something like https://algapsa.com"))?;
    nightdesk_http::address::check(&url).map_err(|error| refuse(&error.to_string()))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it must not hold a query or a fragment"));
    }
    let path = url.path().trim_end_matches('/');
    let path = path.strip_suffix("/api/v1").unwrap_or(path).to_owned();
    url.set_path(&path);
    Ok(url)
}

/// The API's root at that host.
pub(super) fn api(base_url: &str) -> Result<Url, PsaError> {
    Ok(below(&root(base_url)?, &["api", "v1"], &[]))
}

/// An address below another.
pub(super) fn below(root: &Url, path: &[&str], query: &[(&str, &str)]) -> Url {
    let mut url = root.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_of_a_host_however_it_was_written() {
        for written in ["https://psa.example", " https://psa.example/ ", "https://psa.example/api/v1/"] {
            assert_eq!(api(written).unwrap().as_str(), "https://psa.example/api/v1", "{written}");
        }
        assert_eq!(api("http://127.0.0.1:3000/desk/").unwrap().as_str(), "http://127.0.0.1:3000/desk/api/v1");
        let made = below(&api("https://psa.example").unwrap(), &["tickets", "a/../b"], &[("query", "(HR-1) &")]);
        assert_eq!(made.as_str(), "https://psa.example/api/v1/tickets/a%2F..%2Fb?query=%28HR-1%29+%26");
    }

    #[test]
    fn ones_that_a_key_must_not_be_sent_to_say_which_setting() {
        for bad in ["", "psa.example", "http://psa.example", "https://u:p@psa.example", "https://psa.example?x=1"] {
            assert!(root(bad).unwrap_err().to_string().contains("desk.base_url"), "{bad}");
        }
    }

    #[test]
    fn a_tickets_page() {
        let link = |base, id| super::super::AlgaPsa::link(base, id);
        let expected = Some("https://psa.example/msp/tickets/7f".to_owned());
        assert_eq!((link("https://psa.example/api/v1", "7f"), link("nonsense", "7f")), (expected, None));
        assert_eq!(link("https://psa.example", ""), None);
    }
}
