//! The quality of a participant's connection as the server measures it, in the four steps that the screen shows.
//!
//! | quality | when |
//! |---|---|
//! | Good | less than 3 % lost either way and a round trip below 300 ms: loss concealment and jitter buffers hide that |
//! | Fair | up to 10 % lost, or a round trip up to 600 ms, or less than 300 kbit/s of bandwidth where somebody sends video |
//! | Poor | more than that, or video is paused so that sound gets through |
//! | Lost | ICE has heard nothing for some 13 s; or not connected yet after having been |
//!
//! A worse quality needs two samples in a row (one bad second is a hiccup), a better one three; `Lost` counts at once.
//! Samples come once a second, so the quality changes at most that often.

use std::time::Duration;

use anteroom_protocol::media::Quality;

const GOOD_LOSS: f32 = 0.03;
const FAIR_LOSS: f32 = 0.10;
const GOOD_RTT: Duration = Duration::from_millis(300);
const FAIR_RTT: Duration = Duration::from_millis(600);
/// Below this a 640 × 360 picture of a face is visibly broken.
const FAIR_ESTIMATE_BPS: u64 = 300_000;

const SAMPLES_TO_WORSEN: u8 = 2;
const SAMPLES_TO_IMPROVE: u8 = 3;

/// Measurements of one connection, over one second.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    /// The part of the participant's packets that was lost, from 0 to 1.
    pub loss_in: Option<f32>,
    /// The part of the packets to the participant that was lost, from 0 to 1.
    pub loss_out: Option<f32>,
    pub rtt: Option<Duration>,
    /// The bandwidth towards the participant, where somebody sends them video.
    pub estimate_bps: Option<u64>,
    /// Some video is paused for want of bandwidth.
    pub video_paused: bool,
}

impl Sample {
    fn quality(&self) -> Quality {
        let loss = self.loss_in.unwrap_or(0.0).max(self.loss_out.unwrap_or(0.0));
        let rtt = self.rtt.unwrap_or(Duration::ZERO);
        if self.video_paused || loss > FAIR_LOSS || rtt > FAIR_RTT {
            Quality::Poor
        } else if loss > GOOD_LOSS || rtt > GOOD_RTT || self.estimate_bps.is_some_and(|bps| bps < FAIR_ESTIMATE_BPS) {
            Quality::Fair
        } else {
            Quality::Good
        }
    }
}

/// The quality that was reported last, and the samples that speak against it.
#[derive(Default)]
pub(crate) struct QualityMeter {
    reported: Option<Quality>,
    candidate: Option<(Quality, u8)>,
}

impl QualityMeter {
    /// Takes a sample. Returns the quality if it is to be reported now.
    pub fn sample(&mut self, sample: &Sample) -> Option<Quality> {
        let quality = sample.quality();
        let Some(reported) = self.reported else {
            return Some(self.report(quality));
        };
        if quality == reported {
            self.candidate = None;
            return None;
        }
        let seen = match self.candidate {
            // Every sample on the same side of the reported quality counts; the newest decides how far the change goes.
            Some((candidate, seen)) if (candidate < reported) == (quality < reported) => seen.saturating_add(1),
            _ => 1,
        };
        self.candidate = Some((quality, seen));
        let needed = if quality < reported {
            SAMPLES_TO_WORSEN
        } else {
            SAMPLES_TO_IMPROVE
        };
        (seen >= needed).then(|| self.report(quality))
    }

    /// Takes note that ICE has lost the participant. Returns the quality if it is to be reported now.
    pub fn lost(&mut self) -> Option<Quality> {
        let is_new = self.reported != Some(Quality::Lost);
        is_new.then(|| self.report(Quality::Lost))
    }

    fn report(&mut self, quality: Quality) -> Quality {
        self.reported = Some(quality);
        self.candidate = None;
        quality
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
        assert_eq!(loss(0.02).quality(), Quality::Good);
        assert_eq!(loss(0.05).quality(), Quality::Fair);
        assert_eq!(loss(0.20).quality(), Quality::Poor);
        let rtt = |ms| Sample {
            rtt: Some(Duration::from_millis(ms)),
            ..Sample::default()
        };
        assert_eq!(rtt(299).quality(), Quality::Good);
        assert_eq!(rtt(450).quality(), Quality::Fair);
        assert_eq!(rtt(700).quality(), Quality::Poor);
        assert_eq!(
            Sample {
                video_paused: true,
                ..Sample::default()
            }
            .quality(),
            Quality::Poor
        );
        assert_eq!(
            Sample {
                estimate_bps: Some(200_000),
                ..Sample::default()
            }
            .quality(),
            Quality::Fair
        );
    }

    #[test]
    fn one_bad_second_is_not_told_and_getting_better_takes_longer() {
        let mut meter = QualityMeter::default();
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
        let mut meter = QualityMeter::default();
        meter.sample(&loss(0.0));
        assert_eq!(meter.lost(), Some(Quality::Lost));
        assert_eq!(meter.lost(), None);
        assert_eq!(meter.sample(&loss(0.05)), None);
        assert_eq!(meter.sample(&loss(0.0)), None);
        assert_eq!(meter.sample(&loss(0.0)), Some(Quality::Good));
    }
}
