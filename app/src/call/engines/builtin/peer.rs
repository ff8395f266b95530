//! One peer connection and its negotiation.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use anteroom_protocol::media::{Slot, SlotDirection, Source};
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    MediaStreamTrack, RtcConfiguration, RtcPeerConnection, RtcPeerConnectionState, RtcRtpSender, RtcRtpTransceiver,
    RtcRtpTransceiverDirection, RtcSdpType, RtcSessionDescriptionInit,
};

use crate::call::participant::{ParticipantId, TileId};

pub struct Peer {
    pub pc: RtcPeerConnection,
    pub mending: Cell<bool>,
    /// The senders of our slots in the last offer.
    pub senders: RefCell<HashMap<Source, RtcRtpSender>>,
    pub on_state: RefCell<Option<Closure<dyn FnMut()>>>,
}

pub struct Offer {
    pub n: u32,
    pub sdp: String,
    pub slots: Vec<Slot>,
}

impl Peer {
    pub fn new() -> Result<Self, JsValue> {
        let configuration = RtcConfiguration::new();
        // One transport for everything, as the server answers on one port.
        Reflect::set(&configuration, &"bundlePolicy".into(), &"max-bundle".into())?;
        let pc = RtcPeerConnection::new_with_configuration(&configuration)?;
        Ok(Self {
            pc,
            mending: Cell::new(false),
            senders: RefCell::default(),
            on_state: RefCell::default(),
        })
    }

    pub fn connected(&self) -> bool {
        self.pc.connection_state() == RtcPeerConnectionState::Connected
    }

    /// A viewer who is alone in a launch has no m-line and therefore no connection yet: that is no failure.
    pub fn has_nothing_to_connect(&self) -> bool {
        self.pc.remote_description().is_some() && self.pc.get_transceivers().length() == 0
    }

    /// Sets the offer, puts our tracks into their slots, and makes the answer.
    pub async fn answer(
        &self,
        offer: &Offer,
        track: impl Fn(Source) -> Option<MediaStreamTrack>,
    ) -> Result<String, JsValue> {
        let remote = RtcSessionDescriptionInit::new(RtcSdpType::Offer);
        remote.set_sdp(&offer.sdp);
        JsFuture::from(self.pc.set_remote_description(&remote)).await?;

        let mut senders = HashMap::new();
        for slot in offer.slots.iter().filter(|slot| slot.direction == SlotDirection::Send) {
            let Some(transceiver) = self.transceiver(&slot.mid) else {
                continue;
            };
            // Also without a track: turning it on later then needs no negotiation.
            transceiver.set_direction(RtcRtpTransceiverDirection::Sendonly);
            senders.insert(slot.source, transceiver.sender());
        }
        // Known before the first wait: a device that opens meanwhile finds its slot, and its track comes after ours.
        self.senders.replace(senders.clone());
        for (source, sender) in senders {
            JsFuture::from(sender.replace_track(track(source).as_ref())).await?;
        }

        let answer = JsFuture::from(self.pc.create_answer()).await?;
        JsFuture::from(
            self.pc
                .set_local_description(answer.unchecked_ref::<RtcSessionDescriptionInit>()),
        )
        .await?;
        self.pc
            .local_description()
            .map(|local| local.sdp())
            .ok_or(JsValue::UNDEFINED)
    }

    /// The tracks that the slots of the offer bring.
    pub fn received<'a>(&'a self, offer: &'a Offer) -> impl Iterator<Item = (TileId, MediaStreamTrack)> + 'a {
        offer.slots.iter().filter_map(|slot| {
            let SlotDirection::Receive { visit } = slot.direction else {
                return None;
            };
            let tile = TileId {
                of: ParticipantId::Visit(visit),
                source: slot.source,
            };
            Some((tile, self.transceiver(&slot.mid)?.receiver().track()))
        })
    }

    fn transceiver(&self, mid: &str) -> Option<RtcRtpTransceiver> {
        self.pc
            .get_transceivers()
            .iter()
            .filter_map(|transceiver| transceiver.dyn_into::<RtcRtpTransceiver>().ok())
            .find(|transceiver| transceiver.mid().as_deref() == Some(mid))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.pc.set_onconnectionstatechange(None);
        self.pc.close();
    }
}
