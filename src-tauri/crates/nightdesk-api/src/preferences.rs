//! How the desk looks and sounds to this user. Nothing of it decides about incidents.

use crate::error::Error;
use nightdesk_store::{Setting, Topic, Tx};
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

/// The scales that a window may have.
const ZOOM: std::ops::RangeInclusive<f64> = 0.5..=2.0;

/// The preferences in force.
///
/// # Errors
/// The store's.
pub fn preferences(tx: &Tx<'_>) -> Result<Preferences, Error> {
    // What a newer version wrote and this one can't read is no reason to show nothing.
    let stored = tx.setting(Setting::Preferences)?;
    Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Changes what is named.
///
/// # Errors
/// `InvalidInput` for a scale that no window can have.
pub fn set(tx: &Tx<'_>, change: PreferencesChange) -> Result<Preferences, Error> {
    let before = preferences(tx)?;
    let zoom = change.zoom.unwrap_or(before.zoom);
    if !ZOOM.contains(&zoom) {
        return Err(Error::invalid(format!("the zoom is {zoom}; expected {} to {}", ZOOM.start(), ZOOM.end())));
    }
    let after = Preferences {
        theme: change.theme.unwrap_or(before.theme),
        start_minimised: change.start_minimised.unwrap_or(before.start_minimised),
        sound: change.sound.unwrap_or(before.sound),
        zoom,
        map_organization: change.map_organization.unwrap_or(before.map_organization),
        keep_in_tray_hint_shown: change.keep_in_tray_hint_shown.unwrap_or(before.keep_in_tray_hint_shown),
    };
    if after != before {
        let text = serde_json::to_string(&after).map_err(nightdesk_store::Error::from)?;
        tx.set(Setting::Preferences, Some(&text))?;
        tx.touch(Topic::Preferences);
    }
    Ok(after)
}
