//! Which path is which.

use super::resource::Resource;

/// What a path of the API stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Account,
    Actor,
    List(Resource),
    One(Resource, i64),
    Remediations(i64),
    Remediation(i64, i64),
    /// Exists only to be written to: `resolution`, `isolation`, bulk approval and rejection.
    WriteOnly,
}

impl Endpoint {
    /// The endpoint at a path, `None` where the stand-in has nothing.
    pub(crate) fn of(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/v1/")?;
        let parts: Vec<&str> = rest.trim_end_matches('/').split('/').collect();
        match parts.as_slice() {
            ["account"] => Some(Self::Account),
            ["actor"] => Some(Self::Actor),
            [plural] => resource(plural).map(Self::List),
            [plural, id] => Some(Self::One(resource(plural)?, id.parse().ok()?)),
            ["incident_reports", id, "remediations"] => Some(Self::Remediations(id.parse().ok()?)),
            ["incident_reports", _, "remediations", "bulk_approval" | "bulk_rejection"]
            | ["incident_reports" | "escalations", _, "resolution"]
            | ["agents", _, "isolation"] => Some(Self::WriteOnly),
            ["incident_reports", id, "remediations", remediation] => {
                Some(Self::Remediation(id.parse().ok()?, remediation.parse().ok()?))
            }
            _ => None,
        }
    }
}

fn resource(plural: &str) -> Option<Resource> {
    Resource::ALL.into_iter().find(|resource| resource.plural() == plural)
}
