//! The tray's six pictures, drawn in `icons/tray`.

use super::model::Face;
use tauri::image::Image;

/// A state's picture.
pub fn of(face: Face) -> Image<'static> {
    match face {
        Face::Watching => tauri::include_image!("../icons/tray/watching.png"),
        Face::NeedsTriage => tauri::include_image!("../icons/tray/needs-triage.png"),
        Face::Critical => tauri::include_image!("../icons/tray/critical.png"),
        Face::Late => tauri::include_image!("../icons/tray/late.png"),
        Face::Blind => tauri::include_image!("../icons/tray/blind.png"),
        Face::Paused => tauri::include_image!("../icons/tray/paused.png"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The outline alone, without colours.
    fn shape(face: Face) -> Vec<bool> {
        of(face).rgba().chunks(4).map(|pixel| pixel[3] > 127).collect()
    }

    #[test]
    fn the_pictures_differ_by_shape_and_not_by_colour_alone() {
        let faces =
            [Face::Watching, Face::NeedsTriage, Face::Critical, Face::Late, Face::Blind, Face::Paused].map(shape);
        for (n, one) in faces.iter().enumerate() {
            for other in &faces[n + 1..] {
                assert_eq!(one.len(), other.len());
                let differing = one.iter().zip(other).filter(|(a, b)| a != b).count();
                assert!(differing * 10 > one.len(), "only {differing} of {} pixels differ", one.len());
            }
        }
    }
}
