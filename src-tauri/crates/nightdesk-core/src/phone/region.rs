//! The countries in which people can be reached.

/// A country as numbers know it. The key is the region, never the calling code: +1 and +44 belong to many.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Region {
    /// ISO 3166-1 alpha-2.
    pub id: &'static str,
    /// What it is called on Huntress's list of supported countries.
    pub name: &'static str,
    /// What a number begins with. Shared by other countries, some of them not on the list.
    pub prefix: &'static str,
    /// Whether texts are sent there.
    pub sms: bool,
    /// Whether calls are made there.
    pub voice: bool,
    /// Whether a reply to a text comes back to the number that sent it. Where the carriers overwrite the sender, or
    /// where Twilio's guidelines don't confirm it, it doesn't count: a call is the way to acknowledge.
    pub two_way_sms: bool,
    /// A number as it may be entered there.
    pub hint: &'static str,
}

const fn both_ways(id: &'static str, name: &'static str, prefix: &'static str, hint: &'static str) -> Region {
    Region { id, name, prefix, sms: true, voice: true, two_way_sms: true, hint }
}

const fn one_way(id: &'static str, name: &'static str, prefix: &'static str, hint: &'static str) -> Region {
    Region { id, name, prefix, sms: true, voice: true, two_way_sms: false, hint }
}

/// The supported countries, by name. Which of them have two-way texts is from Twilio's guidelines for each country:
/// China, the Cayman Islands, India and Pakistan don't; the Philippines overwrite the sender; for Croatia and Greece
/// nothing firm is known.
pub const REGIONS: [Region; 24] = [
    both_ways("AU", "Australia", "+61", "+61 412 345 678"),
    both_ways("BE", "Belgium", "+32", "+32 470 12 34 56"),
    both_ways("CA", "Canada", "+1", "+1 506 234 5678"),
    one_way("KY", "Cayman Islands", "+1 345", "+1 345 323 1234"),
    one_way("CN", "China", "+86", "+86 131 2345 6789"),
    one_way("HR", "Croatia", "+385", "+385 92 123 4567"),
    both_ways("CZ", "Czech Republic", "+420", "+420 601 123 456"),
    both_ways("DK", "Denmark", "+45", "+45 34 41 23 45"),
    both_ways("FR", "France", "+33", "+33 6 12 34 56 78"),
    both_ways("DE", "Germany", "+49", "+49 1512 3456789"),
    one_way("GR", "Greece", "+30", "+30 691 234 5678"),
    one_way("IN", "India", "+91", "+91 81234 56789"),
    both_ways("IE", "Ireland", "+353", "+353 85 012 3456"),
    both_ways("IT", "Italy", "+39", "+39 312 345 6789"),
    both_ways("NL", "Netherlands", "+31", "+31 6 12345678"),
    // Huntress's own rule, though the carrier could text there.
    Region {
        id: "NZ",
        name: "New Zealand",
        prefix: "+64",
        sms: false,
        voice: true,
        two_way_sms: false,
        hint: "+64 21 123 4567",
    },
    both_ways("NO", "Norway", "+47", "+47 406 12 345"),
    one_way("PK", "Pakistan", "+92", "+92 301 2345678"),
    one_way("PH", "Philippines", "+63", "+63 905 123 4567"),
    both_ways("PL", "Poland", "+48", "+48 512 345 678"),
    both_ways("ZA", "South Africa", "+27", "+27 71 123 4567"),
    both_ways("SE", "Sweden", "+46", "+46 70 123 45 67"),
    both_ways("GB", "United Kingdom", "+44", "+44 7400 123456"),
    both_ways("US", "USA", "+1", "+1 201 555 0123"),
];

impl Region {
    /// The supported country with this ISO id.
    pub fn by_id(id: &str) -> Option<&'static Region> {
        REGIONS.iter().find(|r| r.id == id)
    }
}

/// The list, for a person.
pub fn supported() -> String {
    let names: Vec<String> =
        REGIONS.iter().map(|r| if r.sms { r.name.to_owned() } else { format!("{} (calls only)", r.name) }).collect();
    names.join(", ")
}

/// Places that share a calling code with a supported country, so that the refusal names what looks like a neighbour.
const NEIGHBOURS: [(&str, &str); 29] = [
    ("AG", "Antigua and Barbuda"),
    ("AI", "Anguilla"),
    ("AS", "American Samoa"),
    ("BB", "Barbados"),
    ("BM", "Bermuda"),
    ("BS", "the Bahamas"),
    ("CC", "the Cocos Islands"),
    ("CX", "Christmas Island"),
    ("DM", "Dominica"),
    ("DO", "the Dominican Republic"),
    ("GD", "Grenada"),
    ("GG", "Guernsey"),
    ("GU", "Guam"),
    ("IM", "the Isle of Man"),
    ("JE", "Jersey"),
    ("JM", "Jamaica"),
    ("KN", "Saint Kitts and Nevis"),
    ("LC", "Saint Lucia"),
    ("MP", "the Northern Mariana Islands"),
    ("MS", "Montserrat"),
    ("PR", "Puerto Rico"),
    ("SJ", "Svalbard and Jan Mayen"),
    ("SX", "Sint Maarten"),
    ("TC", "the Turks and Caicos Islands"),
    ("TT", "Trinidad and Tobago"),
    ("VA", "Vatican City"),
    ("VC", "Saint Vincent and the Grenadines"),
    ("VG", "the British Virgin Islands"),
    ("VI", "the US Virgin Islands"),
];

/// What a place that isn't supported is called: its name where it shares a calling code with one that is, else both
/// codes.
pub(super) fn elsewhere(id: &str, calling_code: i32) -> String {
    match NEIGHBOURS.iter().find(|(neighbour, _)| *neighbour == id) {
        Some((_, name)) => (*name).to_owned(),
        None if id.is_empty() => format!("the country with +{calling_code}"),
        None => format!("the country {id} (+{calling_code})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_four_countries_and_each_id_once() {
        let mut ids: Vec<_> = REGIONS.iter().map(|r| r.id).chain(NEIGHBOURS.iter().map(|n| n.0)).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), REGIONS.len() + NEIGHBOURS.len(), "and none that is supported is a refused neighbour");
        assert!(REGIONS.is_sorted_by_key(|r| r.name.to_lowercase()));
        assert!(REGIONS.iter().all(|r| r.voice && r.hint.starts_with(r.prefix)));
    }

    #[test]
    fn only_new_zealand_is_calls_only() {
        let calls_only: Vec<_> = REGIONS.iter().filter(|r| !r.sms).map(|r| r.id).collect();
        assert_eq!(calls_only, ["NZ"]);
        let one_way: Vec<_> = REGIONS.iter().filter(|r| !r.two_way_sms).map(|r| r.id).collect();
        assert_eq!(one_way, ["KY", "CN", "HR", "GR", "IN", "NZ", "PK", "PH"]);
        assert!(supported().contains("New Zealand (calls only), Norway"));
    }
}
