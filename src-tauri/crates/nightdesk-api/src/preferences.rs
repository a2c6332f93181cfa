//! How the desk looks and sounds to this user. Nothing of it decides about incidents.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Every preference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Preferences {
    /// Light, dark or as the system has it.
    pub theme: Theme,
    /// Whether an automatic start shows no window.
    pub start_minimised: bool,
    /// Which alerts make a sound.
    pub sound: Sound,
    /// The window's scale, 0.5 to 2.
    pub zoom: f64,
    /// Whether a re-home also maps the organization.
    pub map_organization: bool,
    /// Whether the user was told that closing the window leaves the desk in the tray.
    pub keep_in_tray_hint_shown: bool,
}

/// The window's colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// Which alerts make a sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Sound {
    pub critical: bool,
    pub high: bool,
    pub low: bool,
}

/// What to change; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
#[allow(missing_docs)]
pub struct PreferencesChange {
    pub theme: Option<Theme>,
    pub start_minimised: Option<bool>,
    pub sound: Option<Sound>,
    pub zoom: Option<f64>,
    pub map_organization: Option<bool>,
    pub keep_in_tray_hint_shown: Option<bool>,
}

impl Default for Sound {
    fn default() -> Self {
        Self { critical: true, high: true, low: false }
    }
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            start_minimised: true,
            sound: Sound::default(),
            zoom: 1.0,
            map_organization: true,
            keep_in_tray_hint_shown: false,
        }
    }
}
