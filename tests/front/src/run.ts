/** Runs the page's data layer against a server and says in JSON what came of it. */

import { Api, SignedOut } from "./api.js";
import { book, freeSlots, giveBack } from "./booking-page.js";
import { EventToAttendDocument, WhatWaitsDocument } from "./generated/graphql.js";

export async function run(base: string, slotFull: Record<string, string>): Promise<object> {
  const api = new Api(base);
  await api.signIn("resident", "demo-resident");
  const now = Date.now();
  const days = (count: number) => new Date(now + count * 86_400_000).toISOString();
  const slots = await freeSlots(api, "xinhe", days(-1), days(30));
  const slot = slots[0];
  if (slot === undefined) throw new Error("no slot to book");

  const first = await book(api, slot.id, "form-1");
  const again = await book(api, slot.id, "form-1");
  const refused = await book(api, slot.id, "form-2", slotFull);
  const returned = first.booked ? await giveBack(api, first.booking.id, "时间有变") : null;
  const event = await api.ask(EventToAttendDocument, { code: "pf-open" });
  const waits = await api.ask(WhatWaitsDocument, {});
  let signedOut = false;
  try {
    await api.ask(WhatWaitsDocument, {}, { "X-Mock-Error": "session_invalid" });
  } catch (error) {
    signedOut = error instanceof SignedOut;
  }
  return {
    slots: slots.length,
    inOrder: slots.every((one, i) => i === 0 || slots[i - 1]!.startsAt <= one.startsAt),
    sameBooking: first.booked && again.booked && first.booking.id === again.booking.id,
    refused,
    returned,
    event: event.legalEducationEvent?.title ?? null,
    roles: waits.me?.roles ?? [],
    signedOut,
  };
}
