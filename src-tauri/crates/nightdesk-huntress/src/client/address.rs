//! Where requests go.

use url::Url;

use super::Error;

/// The interface's root, `…/v1`, below a base address as a person writes it.
pub(super) fn root(base_url: &str) -> Result<Url, Error> {
    let refuse = |reason: String| Error::BaseUrl { reason };
    let mut url = Url::parse(base_url.trim())
        .map_err(|_| refuse("it is not an address; expected something like https://api.huntress.io".into()))?;
    nightdesk_http::address::check(&url).map_err(|error| refuse(error.to_string()))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("it must not hold a query or a fragment".into()));
    }
    let has_version = url.path().trim_end_matches('/').ends_with("/v1");
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty();
        if !has_version {
            path.push("v1");
        }
    }
    Ok(url)
}

/// An address below the root.
pub(super) fn below(root: &Url, path: &[&str], query: &[(&str, &str)]) -> Url {
    let mut url = root.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.extend(path);
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
    fn every_way_to_write_the_base() {
        for base in [
            "https://api.huntress.io",
            "https://api.huntress.io/",
            " https://api.huntress.io/v1/ ",
            "https://api.huntress.io/v1",
        ] {
            assert_eq!(root(base).unwrap().as_str(), "https://api.huntress.io/v1", "{base}");
        }
        assert_eq!(root("http://127.0.0.1:8080/fake/").unwrap().as_str(), "http://127.0.0.1:8080/fake/v1");
    }

    #[test]
    fn what_a_key_must_not_be_sent_to() {
        for base in [
            "",
            "api.huntress.io",
            "http://api.huntress.io",
            "ftp://api.huntress.io",
            "https://u:p@api.huntress.io",
            "https://api.huntress.io/?a=1",
        ] {
            assert!(matches!(root(base), Err(Error::BaseUrl { .. })), "{base}");
        }
    }

    #[test]
    fn parts_are_escaped() {
        let root = root("https://api.huntress.io").unwrap();
        let url = below(&root, &["incident_reports"], &[("limit", "50"), ("page_token", "a+b=&c")]);
        assert_eq!(url.as_str(), "https://api.huntress.io/v1/incident_reports?limit=50&page_token=a%2Bb%3D%26c");
    }
}
