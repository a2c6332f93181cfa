//! Where requests go.

use url::Url;

use super::Error;

/// The base address that a person wrote, without a slash at its end.
pub(super) fn root(setting: &'static str, base_url: &str) -> Result<Url, Error> {
    let refuse = |reason: String| Error::Address { setting, reason };
    let mut url = Url::parse(base_url.trim())
        .map_err(|_| refuse("it is not an address; expected something like https://api.twilio.com".into()))?;
    nightdesk_http::address::check(&url).map_err(|error| refuse(error.to_string()))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it must not hold a query or a fragment".into()));
    }
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty();
    }
    Ok(url)
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

/// The documented parameters by which a list's next page is told from the first.
const PAGING: [&str; 2] = ["Page", "PageToken"];

/// The next page of the list at `url`, by the link that its answer gives, which may be relative, absolute, or nonsense.
/// Only the page is taken from it: the place stays ours, because credentials go along.
pub(super) fn next_page(url: &Url, link: &str) -> Option<Url> {
    let linked = url.join(link).ok()?;
    let page: Vec<(String, String)> =
        linked.query_pairs().into_owned().filter(|(name, _)| PAGING.contains(&name.as_str())).collect();
    if page.is_empty() {
        return None;
    }
    let kept: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(name, _)| !PAGING.contains(&name.as_str())).collect();
    let mut next = url.clone();
    next.query_pairs_mut().clear().extend_pairs(kept).extend_pairs(page);
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn parts_are_escaped() {
        let made = below(&url("https://h.example/a/"), &["x/..", "Messages.json"], &[("DateSent>", "2026-03-01")]);
        assert_eq!(made.as_str(), "https://h.example/a/x%2F../Messages.json?DateSent%3E=2026-03-01");
    }

    #[test]
    fn a_next_page_keeps_place_and_filters() {
        let first = url("https://h.example/a/Messages.json?To=%2B15005550006&PageSize=50");
        let relative = "/2010-04-01/Messages.json?PageSize=50&Page=1&PageToken=PAx%2F";
        let expected = "https://h.example/a/Messages.json?To=%2B15005550006&PageSize=50&Page=1&PageToken=PAx%2F";
        assert_eq!(next_page(&first, relative).map(String::from).as_deref(), Some(expected));
        let abroad = "https://elsewhere.example/steal?Page=1&PageToken=PAx%2F&To=everybody";
        assert_eq!(next_page(&first, abroad).map(String::from).as_deref(), Some(expected));
        let second = next_page(&first, relative).unwrap_or(first.clone());
        let third = next_page(&second, "?Page=2").map(String::from).unwrap_or_default();
        assert!(third.ends_with("PageSize=50&Page=2"), "{third}");
        for nonsense in ["", "/x", "https://", "?To=1"] {
            assert_eq!(next_page(&first, nonsense), None, "{nonsense}");
        }
    }
}
