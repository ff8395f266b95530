/** A microphone that hears nothing. */
export function silence(): { stream: MediaStream; free: () => void } {
  const context = new AudioContext();
  const { stream } = context.createMediaStreamDestination();
  return {
    stream,
    free: () => {
      for (const track of stream.getTracks()) track.stop();
      context.close().catch(() => undefined);
    },
  };
}
