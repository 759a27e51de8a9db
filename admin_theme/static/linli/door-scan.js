/* The tablet's camera as a scanner, where the browser can read codes itself. */
export function canScan() {
  return "BarcodeDetector" in window && Boolean(navigator.mediaDevices?.getUserMedia);
}

/* Shows the camera in `box` and calls `found` with each new text it reads; answers how to end it. */
export async function scan(box, found) {
  const video = box.querySelector("video");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  box.hidden = false;
  await video.play();
  let open = true;
  let last = "";

  async function look() {
    if (!open) return;
    try {
      const [code] = await detector.detect(video);
      // Held before the camera it is read ten times a second, and meant once.
      if (code && code.rawValue !== last) found((last = code.rawValue));
    } catch {
      // A picture that is not ready yet.
    }
    setTimeout(look, 200);
  }

  look();
  return () => {
    open = false;
    box.hidden = true;
    video.srcObject = null;
    for (const track of stream.getTracks()) track.stop();
  };
}
