//! The MSP's clients. All of them are invented.

/// A client of the demo's MSP: as Huntress names it, and as the MSP's own desk does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// The organization's id at Huntress.
    pub organization_id: i64,
    /// The organization's name at Huntress.
    pub organization: &'static str,
    /// The client's name in the desk's catalogue; often written a little differently.
    pub client: &'static str,
    /// Whether the demo starts with the organization mapped to the client.
    pub mapped: bool,
}

const FIRST_ID: i64 = 401;

/// Huntress's name, the desk's name, mapped at the start.
const CLIENTS: [(&str, &str, bool); 40] = [
    ("Harbor Lane Dental", "Harbor Lane Dental", true),
    ("Quillfeather Accounting", "Quillfeather Accounting LLP", true),
    ("Brightmoss Veterinary", "Brightmoss Veterinary", true),
    ("Tanglewood & Ferris Law", "Tanglewood and Ferris", true),
    ("Copperkettle Brewing", "Copperkettle Brewing", true),
    ("Nine Alders Montessori", "Nine Alders Montessori School", true),
    ("Saltmarsh Marine Supply", "Saltmarsh Marine Supply", true),
    ("Pendlewick Insurance", "Pendlewick Insurance Agency", true),
    ("Ostrander Tool & Die", "Ostrander Tool & Die", true),
    ("Larkspur Pediatrics", "Larkspur Pediatrics", true),
    ("Gristmill Bakery Group", "Gristmill Bakery Group", true),
    ("Fennimore Title & Escrow", "Fennimore Title", true),
    ("Bluegate Property Care", "Bluegate Property Care", true),
    ("Wexcombe Orthodontics", "Wexcombe Orthodontics", true),
    ("Thistledown Senior Living", "Thistledown Senior Living", true),
    ("Marrowby Logistics", "Marrowby Logistics Inc.", true),
    ("Redfallow Farms Co-op", "Redfallow Farms", true),
    ("Ivyhurst Public Library", "Ivyhurst Public Library", true),
    ("Castaway Print & Sign", "Castaway Print & Sign", true),
    ("Dovetail Cabinetry Works", "Dovetail Cabinetry Works", true),
    ("Ambergris Eye Clinic", "Ambergris Eye Clinic", true),
    ("Stonewhistle Architects", "Stonewhistle Architects", true),
    ("Kettlebrook Credit Office", "Kettlebrook Credit Office", true),
    ("Upland Ferry Service", "Upland Ferry Service", true),
    ("Moonpenny Toys", "Moonpenny Toys", true),
    ("Vantry Dental Labs", "Vantry Dental Laboratories", true),
    ("Hollowell Funeral Home", "Hollowell Funeral Home", true),
    ("Larch & Lantern Hotels", "Larch and Lantern Hotels", true),
    ("Sprocketfield Cycles", "Sprocketfield Cycles", true),
    ("Orrin Valley Water District", "Orrin Valley Water District", true),
    ("Pebblestone Physiotherapy", "Pebblestone Physiotherapy", true),
    ("Greywether Surveying", "Greywether Surveying", true),
    ("Tidewick Fisheries", "Tidewick Fisheries", true),
    ("Juniper Row Realty", "Juniper Row Realty", true),
    ("Bellfounder Music School", "Bellfounder Music School", true),
    ("Cinderhall Fire Protection", "Cinderhall Fire Protection", false),
    ("Oakenfold Chiropractic", "Oakenfold Chiropractic Care", false),
    ("Mistral Lane Catering", "Mistral Lane Catering", false),
    ("Farrow & Pike Engineering", "Farrow and Pike Consulting Engineers", false),
    ("Wrenhaven Hospice", "Wrenhaven Hospice", false),
];

/// The clients, mapped ones first.
pub fn roster() -> Vec<Client> {
    (FIRST_ID..)
        .zip(CLIENTS)
        .map(|(organization_id, (organization, client, mapped))| Client {
            organization_id,
            organization,
            client,
            mapped,
        })
        .collect()
}

/// Names of people at the clients, for identities.
pub(crate) const PEOPLE: [&str; 20] = [
    "Maren Oduya",
    "Tobias Fell",
    "Priscilla Yarrow",
    "Ansel Quade",
    "Ioana Merriweather",
    "Corwin Babb",
    "Leticia Stroud",
    "Hal Vanterpool",
    "Bronagh Sillitoe",
    "Emeka Thornbury",
    "Saskia Lund",
    "Dorian Apfel",
    "Wilhelmina Croft",
    "Jasper Okonjo",
    "Noor Fairweather",
    "Felix Umber",
    "Greta Hollis",
    "Rafael Tench",
    "Odette Marsh",
    "Cyril Bannock",
];

/// The parts of host names.
pub(crate) const ROLES: [&str; 8] = ["FRONT", "OFFICE", "LAP", "ACCT", "SRV", "RECEP", "SHOP", "EXEC"];
