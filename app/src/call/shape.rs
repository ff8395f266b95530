//! The shape of a picture, as the stylesheet knows it (`style/call/tiles.css`): a picture of about its tile's shape fills it,
//! any other is shown whole.

/// The word of `data-ratio` for the shapes of cameras. None: any other shape, which no tile comes near.
pub fn shape(width: u32, height: u32) -> Option<&'static str> {
    // NaN, which is in no range, where there is no picture yet.
    let ratio = f64::from(width) / f64::from(height);
    match ratio {
        1.59..1.81 => Some("wide"),
        1.3..1.55 => Some("landscape"),
        0.95..1.05 => Some("square"),
        0.65..0.8 => Some("portrait"),
        0.55..0.65 => Some("tall"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cameras_have_known_shapes() {
        for (size, is) in [
            ((1280, 720), Some("wide")),
            ((1280, 800), Some("wide")),
            ((640, 480), Some("landscape")),
            ((720, 480), Some("landscape")),
            ((480, 480), Some("square")),
            ((480, 640), Some("portrait")),
            ((720, 1280), Some("tall")),
        ] {
            assert_eq!(shape(size.0, size.1), is, "{size:?}");
        }
    }

    #[test]
    fn what_is_not_there_or_very_long_has_none() {
        for (width, height) in [(0, 0), (640, 0), (0, 480), (2560, 1080), (300, 1000)] {
            assert_eq!(shape(width, height), None, "{width} × {height}");
        }
    }
}
