//! How a participant's connection looks from the server, in the four words that the screen uses.
//!
//! | word | when |
//! |---|---|
//! | Good | less than 3 % lost either way and a round trip below 300 ms: loss concealment and jitter buffers hide that |
//! | Fair | up to 10 % lost, or a round trip up to 600 ms, or less than 300 kbit/s for what the others send |
//! | Poor | more than that, or video is held back so that sound gets through |
//! | Lost | ICE has heard nothing for some 13 s; or not connected yet after having been |
//!
//! A worse word needs two samples in a row (one bad second is a hiccup), a better one three; `Lost` counts at once.
//! Samples come once a second, so the word changes at most that often.

use std::time::Duration;

use anteroom_domain::signalling::Quality;

const GOOD_LOSS: f32 = 0.03;
const FAIR_LOSS: f32 = 0.10;
const GOOD_RTT: Duration = Duration::from_millis(300);
const FAIR_RTT: Duration = Duration::from_millis(600);
/// Below this a 640 × 360 picture of a face is visibly broken.
const FAIR_ESTIMATE_BPS: u64 = 300_000;

const SAMPLES_TO_WORSEN: u8 = 2;
const SAMPLES_TO_IMPROVE: u8 = 3;

/// One second of one connection.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    /// Of what the participant sends, 0 to 1.
    pub loss_in: Option<f32>,
    /// Of what is sent to the participant.
    pub loss_out: Option<f32>,
    pub rtt: Option<Duration>,
    /// What can be sent to the participant, where somebody sends video.
    pub estimate_bps: Option<u64>,
    /// Is any video held back for want of bandwidth?
    pub video_held: bool,
}

impl Sample {
    fn word(&self) -> Quality {
        let loss = self.loss_in.unwrap_or(0.0).max(self.loss_out.unwrap_or(0.0));
        let rtt = self.rtt.unwrap_or(Duration::ZERO);
        if self.video_held || loss > FAIR_LOSS || rtt > FAIR_RTT {
            Quality::Poor
        } else if loss > GOOD_LOSS || rtt > GOOD_RTT || self.estimate_bps.is_some_and(|bps| bps < FAIR_ESTIMATE_BPS) {
            Quality::Fair
        } else {
            Quality::Good
        }
    }
}

/// The word that was last told, and the evidence against it.
#[derive(Default)]
pub(crate) struct Meter {
    told: Option<Quality>,
    leaning: Option<(Quality, u8)>,
}

impl Meter {
    /// Takes a sample; returns the word when it is to be told.
    pub fn sample(&mut self, sample: &Sample) -> Option<Quality> {
        let word = sample.word();
        let Some(told) = self.told else { return self.tell(word) };
        if word == told {
            self.leaning = None;
            return None;
        }
        let seen = match self.leaning {
            // Any sample on the same side counts; the newest decides how far it goes.
            Some((leaning, seen)) if (leaning < told) == (word < told) => seen.saturating_add(1),
            _ => 1,
        };
        self.leaning = Some((word, seen));
        let needed = if word < told {
            SAMPLES_TO_WORSEN
        } else {
            SAMPLES_TO_IMPROVE
        };
        if seen >= needed { self.tell(word) } else { None }
    }

    /// ICE has lost the participant.
    pub fn lost(&mut self) -> Option<Quality> {
        if self.told == Some(Quality::Lost) {
            None
        } else {
            self.tell(Quality::Lost)
        }
    }

    fn tell(&mut self, word: Quality) -> Option<Quality> {
        self.told = Some(word);
        self.leaning = None;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(loss: f32) -> Sample {
        Sample {
            loss_out: Some(loss),
            ..Sample::default()
        }
    }

    #[test]
    fn the_words_have_the_documented_limits() {
        assert_eq!(loss(0.02).word(), Quality::Good);
        assert_eq!(loss(0.05).word(), Quality::Fair);
        assert_eq!(loss(0.20).word(), Quality::Poor);
        let rtt = |ms| Sample {
            rtt: Some(Duration::from_millis(ms)),
            ..Sample::default()
        };
        assert_eq!(rtt(299).word(), Quality::Good);
        assert_eq!(rtt(450).word(), Quality::Fair);
        assert_eq!(rtt(700).word(), Quality::Poor);
        assert_eq!(
            Sample {
                video_held: true,
                ..Sample::default()
            }
            .word(),
            Quality::Poor
        );
        assert_eq!(
            Sample {
                estimate_bps: Some(200_000),
                ..Sample::default()
            }
            .word(),
            Quality::Fair
        );
    }

    #[test]
    fn one_bad_second_is_not_told_and_getting_better_takes_longer() {
        let mut meter = Meter::default();
        assert_eq!(meter.sample(&loss(0.0)), Some(Quality::Good));
        assert_eq!(meter.sample(&loss(0.2)), None);
        assert_eq!(meter.sample(&loss(0.0)), None);
        assert_eq!(meter.sample(&loss(0.2)), None);
        assert_eq!(meter.sample(&loss(0.2)), Some(Quality::Poor));
        assert_eq!(meter.sample(&loss(0.0)), None);
        assert_eq!(meter.sample(&loss(0.0)), None);
        assert_eq!(meter.sample(&loss(0.0)), Some(Quality::Good));
    }

    #[test]
    fn lost_is_told_once_and_recovery_goes_through_samples() {
        let mut meter = Meter::default();
        meter.sample(&loss(0.0));
        assert_eq!(meter.lost(), Some(Quality::Lost));
        assert_eq!(meter.lost(), None);
        assert_eq!(meter.sample(&loss(0.05)), None);
        assert_eq!(meter.sample(&loss(0.0)), None);
        assert_eq!(meter.sample(&loss(0.0)), Some(Quality::Good));
    }
}
