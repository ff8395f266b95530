//! Detects speech by the loudness of the raw microphone, ten times a second.

/// Louder than this on the scale of [`loudness`] counts as speech: an RMS of 0.04, about -28 dBFS. Room noise behind the
/// browser's own suppression stays below 0.01 (10 on the scale).
const LOUD: u8 = 20;
/// This many loud samples in a row: a door or a key press is shorter than 300 ms.
const ENOUGH: u8 = 3;
/// Quiet samples after which the hint goes: four seconds, long enough to read it.
const QUIET: u8 = 40;

/// Turns loudness into "speaking" without fluttering.
#[derive(Clone, Copy, Debug, Default)]
pub struct SpeechGate {
    loud: u8,
    quiet: u8,
    speaking: bool,
}

impl SpeechGate {
    /// Takes one sample; returns whether somebody speaks.
    pub fn sample(&mut self, level: u8) -> bool {
        if level >= LOUD {
            self.loud = self.loud.saturating_add(1);
            self.quiet = 0;
        } else {
            self.loud = 0;
            self.quiet = self.quiet.saturating_add(1);
        }
        if self.loud >= ENOUGH {
            self.speaking = true;
        } else if self.quiet >= QUIET {
            self.speaking = false;
        }
        self.speaking
    }
}

/// Loudness 0..=100 of samples in -1..=1. A square root, so that normal speech fills half of the meter and not a tenth.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few thousand samples, and a number that was just clamped"
)]
pub fn loudness(samples: &[f32]) -> u8 {
    if samples.is_empty() {
        return 0;
    }
    let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32;
    (power.sqrt().sqrt() * 100.0).clamp(0.0, 100.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_is_not_speech() {
        let mut gate = SpeechGate::default();
        assert!(!gate.sample(80));
        assert!(!gate.sample(80));
        assert!(!gate.sample(0));
        assert!(!gate.sample(80));
    }

    #[test]
    fn speech_stays_through_the_pauses_between_words_and_ends_in_quiet() {
        let mut gate = SpeechGate::default();
        assert!((0..3).map(|_| gate.sample(40)).last().unwrap());
        assert!((0..20).map(|_| gate.sample(0)).last().unwrap());
        assert!(!(0..30).map(|_| gate.sample(0)).last().unwrap());
    }

    #[test]
    fn loudness_is_bounded() {
        assert_eq!(loudness(&[]), 0);
        assert_eq!(loudness(&[0.0; 8]), 0);
        assert_eq!(loudness(&[1.0; 8]), 100);
        assert_eq!(loudness(&[f32::NAN; 8]), 0);
    }
}
