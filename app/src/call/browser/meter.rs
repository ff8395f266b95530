//! Measures the loudness of a microphone.

use wasm_bindgen::JsValue;
use web_sys::{AnalyserNode, AudioContext, MediaStream, MediaStreamAudioSourceNode, MediaStreamTrack};

use crate::browser::let_be;
use crate::call::speech::loudness;

/// Samples of one measurement: 1024 at 48 kHz are 21 ms, enough for the lowest voice.
const SAMPLES: u16 = 1024;

/// Listens to a copy of the track, so that it measures while the track itself is muted.
pub struct Meter {
    context: AudioContext,
    source: MediaStreamAudioSourceNode,
    analyser: AnalyserNode,
    copy: MediaStreamTrack,
}

impl Meter {
    /// None where the browser has no audio analysis: the meter then stays at zero, and nothing else is lost.
    pub fn new(track: &MediaStreamTrack) -> Option<Self> {
        Self::open(track).ok()
    }

    fn open(track: &MediaStreamTrack) -> Result<Self, JsValue> {
        let context = AudioContext::new()?;
        let copy = track.clone();
        copy.set_enabled(true);
        let stream = MediaStream::new()?;
        stream.add_track(&copy);
        let source = context.create_media_stream_source(&stream)?;
        let analyser = context.create_analyser()?;
        analyser.set_fft_size(SAMPLES.into());
        source.connect_with_audio_node(&analyser)?;
        // Without a click (after a reload) it is suspended: browsers let it run once the person has clicked anywhere.
        let_be(context.resume()?);
        Ok(Self {
            context,
            source,
            analyser,
            copy,
        })
    }

    /// Loudness now, 0..=100.
    pub fn level(&self) -> u8 {
        let mut samples = [0.0_f32; SAMPLES as usize];
        self.analyser.get_float_time_domain_data(&mut samples);
        loudness(&samples)
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.copy.stop();
        let _gone = self.source.disconnect();
        if let Ok(closing) = self.context.close() {
            let_be(closing);
        }
    }
}
