use super::*;

fn judged(host: &str) -> Option<&'static str> {
    forbidden_for_outside(literal_ip(host).unwrap_or_else(|| panic!("{host} is no literal address")))
}

#[test]
fn loopback_is_known_in_every_notation_and_nothing_else_is() {
    for host in [
        "localhost",
        "LocalHost",
        "127.0.0.1",
        "127.255.0.3",
        "::1",
        "[::1]",
        "127.1",
        "0x7f.1",
        "2130706433",
        "0177.0.0.1",
    ] {
        assert!(is_loopback_host(host), "{host}");
    }
    for host in [
        "",
        "localhost.example.com",
        "127.0.0.1.example.com",
        "notlocalhost",
        "128.0.0.1",
        "0.0.0.0",
        "::",
        "[::ffff:127.0.0.1]",
        "192.168.0.1",
        "127.0.0.1@example.com",
        "localhost ",
        "api.huntress.io",
    ] {
        assert!(!is_loopback_host(host), "{host}");
    }
}

#[test]
fn odd_notations_are_seen_through() {
    for (odd, plain) in [
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("10.1", "10.0.0.1"),
        ("0xA9.254.0251.254", "169.254.169.254"),
        ("192.168.257", "192.168.1.1"),
        ("0", "0.0.0.0"),
        ("10.0.0.1.", "10.0.0.1"),
        ("１２７.0.0.1", "127.0.0.1"),
        ("[::ffff:a00:1]", "::ffff:10.0.0.1"),
    ] {
        assert_eq!(literal_ip(odd), plain.parse().ok(), "{odd}");
        let url = Url::parse(&format!("https://{odd}/in")).unwrap();
        assert_eq!(literal_ip(url.host_str().unwrap()), plain.parse().ok(), "{odd} in an address");
        assert!(judged(odd).is_some(), "{odd}");
    }
    for name in ["example.com", "dead.beef", "1.2.3.4.example", "fe80::1%eth0", "256.1.1.1", ""] {
        assert_eq!(literal_ip(name), None, "{name}");
    }
}

#[test]
fn inside_addresses_are_refused_with_their_reason() {
    for (host, reason) in [
        ("0.0.0.0", "unspecified"),
        ("0.1.2.3", "unspecified"),
        ("127.0.0.1", "loopback"),
        ("10.255.255.255", "private"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.1.1", "private"),
        ("169.254.169.254", "link-local"),
        ("100.64.0.1", "shared"),
        ("100.127.255.255", "shared"),
        ("192.0.0.8", "equipment"),
        ("198.19.0.1", "equipment"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.255", "multicast"),
        ("255.255.255.255", "reserved"),
        ("192.0.2.1", "examples"),
        ("198.51.100.7", "examples"),
        ("203.0.113.255", "examples"),
        ("2001:db8::1", "examples"),
        ("3fff:fff::1", "examples"),
        ("2001:2::1", "equipment"),
        ("2001:1ff::1", "equipment"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("fe80::1", "link-local"),
        ("febf::1", "link-local"),
        ("fec0::1", "private"),
        ("fc00::1", "private"),
        ("fd00:ec2::254", "private"),
        ("ff02::1", "multicast"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:192.168.0.1", "private"),
        ("::ffff:0:127.0.0.1", "reserved"),
        ("::127.0.0.1", "loopback"),
        ("::8.8.8.8", "obsolete"),
        ("2002:7f00:1::", "loopback"),
        ("2002:c0a8:101::1", "private"),
        ("64:ff9b::10.0.0.1", "private"),
        ("64:ff9b::169.254.169.254", "link-local"),
        ("64:ff9b:1::10.0.0.1", "reserved"),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo"),
        ("100::1", "reserved"),
        ("5f00::1", "reserved"),
    ] {
        let found = judged(host);
        assert!(found.is_some_and(|found| found.contains(reason)), "{host}: {found:?}");
    }
}

#[test]
fn outside_addresses_pass_up_to_the_edges_of_the_ranges() {
    for host in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "::ffff:8.8.8.8",
        "2002:808:808::1",
        "64:ff9b::8.8.8.8",
        "3fff:ffff::1",
    ] {
        assert_eq!(judged(host), None, "{host}");
    }
}

#[test]
fn https_is_required_beyond_this_machine() {
    let verdict = |text: &str| check(&Url::parse(text).unwrap());
    for good in [
        "https://api.huntress.io/v1",
        "https://10.0.0.1/",
        "http://127.0.0.1:8080/",
        "http://localhost/",
        "http://[::1]:9/",
        "http://0x7f.1/",
    ] {
        assert_eq!(verdict(good), Ok(()), "{good}");
    }
    assert_eq!(
        verdict("http://api.huntress.io:81/v1?key=hush"),
        Err(Error::InsecureUrl { host: "api.huntress.io:81".into() })
    );
    assert!(matches!(verdict("http://127.0.0.1.example.com/"), Err(Error::InsecureUrl { .. })));
    for bad in [
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "data:text/plain,x",
        "https://me:hush@example.com/",
        "http://me@localhost/",
    ] {
        assert!(matches!(verdict(bad), Err(Error::InvalidUrl { .. })), "{bad}");
    }
}
