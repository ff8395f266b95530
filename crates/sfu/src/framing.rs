//! RFC 4571 framing: over TCP every packet is preceded by its length in two bytes. Both directions are bounded: the
//! reader refuses frames that no WebRTC stack sends, and the writer drops whole packets rather than grow.

use std::collections::VecDeque;

/// Larger than any packet of a browser (they stay below an Ethernet frame, 1,500 bytes); a longer frame is not WebRTC.
pub(crate) const MAX_FRAME: usize = 2048;

/// A frame that no WebRTC stack sends: the connection is not worth keeping.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotWebRtc;

/// Makes packets of bytes, however the bytes arrive.
#[derive(Default)]
pub(crate) struct Reader {
    bytes: Vec<u8>,
    used: usize,
}

impl Reader {
    /// Takes bytes from the socket.
    pub fn push(&mut self, bytes: &[u8]) {
        // Less than one frame is left over, so this never moves much.
        self.bytes.drain(..self.used);
        self.used = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole packet. Call it until `None` after every push, or the buffer grows.
    pub fn next(&mut self) -> Result<Option<&[u8]>, NotWebRtc> {
        let Some([high, low, rest @ ..]) = self.bytes.get(self.used..) else {
            return Ok(None);
        };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        if length > MAX_FRAME {
            return Err(NotWebRtc);
        }
        let Some(packet) = rest.get(..length) else {
            return Ok(None);
        };
        self.used += 2 + length;
        Ok(Some(packet))
    }
}

/// Bytes that wait for the socket.
pub(crate) struct Writer {
    bytes: VecDeque<u8>,
    limit: usize,
}

impl Writer {
    pub fn new(limit: usize) -> Self {
        Self {
            bytes: VecDeque::new(),
            limit,
        }
    }

    /// Queues one packet. Returns false if it does not fit and was dropped.
    #[must_use]
    pub fn push(&mut self, packet: &[u8]) -> bool {
        let Ok(length) = u16::try_from(packet.len()) else {
            return false;
        };
        if self.bytes.len() + packet.len() + 2 > self.limit {
            return false;
        }
        self.bytes.extend(length.to_be_bytes());
        self.bytes.extend(packet);
        true
    }

    /// The bytes to write next. Empty: everything is written.
    pub fn head(&self) -> &[u8] {
        self.bytes.as_slices().0
    }

    /// Takes note that the socket has taken so many bytes.
    pub fn written(&mut self, bytes: usize) {
        self.bytes.drain(..bytes.min(self.bytes.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_arrive_whole_however_the_bytes_are_cut() {
        let mut writer = Writer::new(10_000);
        let packets: Vec<Vec<u8>> = vec![vec![1], vec![], vec![2; 1200], vec![3, 4]];
        for packet in &packets {
            assert!(writer.push(packet));
        }
        let bytes: Vec<u8> = writer.bytes.iter().copied().collect();
        for cut in [1, 2, 3, 7, 1203, 5000] {
            let mut reader = Reader::default();
            let mut got = vec![];
            for part in bytes.chunks(cut) {
                reader.push(part);
                while let Some(packet) = reader.next().unwrap() {
                    got.push(packet.to_vec());
                }
            }
            assert_eq!(got, packets);
        }
    }

    #[test]
    fn a_frame_that_no_browser_sends_is_refused() {
        let mut reader = Reader::default();
        reader.push(b"\x16\x03\x01"); // the start of a TLS handshake
        assert_eq!(reader.next(), Err(NotWebRtc));
    }

    #[test]
    fn a_stalled_reader_costs_packets_not_memory() {
        let mut writer = Writer::new(100);
        assert!(writer.push(&[0; 60]));
        assert!(!writer.push(&[0; 60]));
        assert!(writer.push(&[0; 30]));
        let n = writer.head().len();
        writer.written(n);
        while !writer.head().is_empty() {
            let n = writer.head().len();
            writer.written(n);
        }
        assert!(writer.push(&[0; 60]));
    }
}
