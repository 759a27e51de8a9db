/** The data layer of a booking page: what is free, booking, giving back, following. */

import { createClient } from "graphql-ws";
import type { Api } from "./api.js";
import {
  BookSlotDocument,
  FollowSlotDocument,
  FreeSlotsDocument,
  GiveBackDocument,
  type BookSlotMutation,
  type FollowSlotSubscription,
  type FreeSlotsQuery,
} from "./generated/graphql.js";

export type FreeSlot = FreeSlotsQuery["slots"]["edges"][number]["node"];
export type Booking = NonNullable<BookSlotMutation["bookService"]["serviceBooking"]>;

/** What a rule said no to: `code` for the program, `message` for people, `field` of the input. */
export interface Refusal {
  field?: string | null;
  code: string;
  message: string;
}

export type Booked =
  | { booked: true; booking: Booking }
  | { booked: false; full: boolean; refusals: Refusal[] };

/** Every slot with free places between two moments (ISO-8601 with an offset), page by page. */
export async function freeSlots(
  api: Api,
  community: string,
  from: string,
  before: string,
): Promise<FreeSlot[]> {
  const found: FreeSlot[] = [];
  let after: string | null = null;
  do {
    const { slots }: FreeSlotsQuery = await api.ask(FreeSlotsDocument, {
      community,
      from,
      before,
      after,
    });
    found.push(...slots.edges.map((edge) => edge.node));
    after = slots.pageInfo.hasNextPage ? (slots.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return found;
}

/** Books a place. `key`: one a form that is opened, so that it can be sent again after a timeout. */
export async function book(
  api: Api,
  slotId: string,
  key: string,
  headers: Record<string, string> = {},
): Promise<Booked> {
  const { bookService } = await api.ask(BookSlotDocument, { slotId, key }, headers);
  if (bookService.errors.length > 0 || !bookService.serviceBooking) {
    const full = bookService.errors.some((error) => error.code === "slot_full");
    return { booked: false, full, refusals: bookService.errors };
  }
  return { booked: true, booking: bookService.serviceBooking };
}

export async function giveBack(api: Api, bookingId: string, reason: string): Promise<Refusal[]> {
  const { cancelBooking } = await api.ask(GiveBackDocument, { bookingId, reason });
  return cancelBooking.errors;
}

/** Tells `show` how many places are left, at once and at each change, until `stop` is aborted. */
export async function followSlot(
  api: Api,
  address: string,
  code: string,
  show: (slot: NonNullable<FollowSlotSubscription["slot"]>) => void,
  stop: AbortSignal,
): Promise<void> {
  const client = createClient({ url: address, connectionParams: () => api.headers });
  stop.addEventListener("abort", () => void client.dispose());
  const answers = client.iterate<FollowSlotSubscription>({
    query: FollowSlotDocument.toString(),
    variables: { code },
  });
  for await (const { data } of answers) {
    if (data?.slot) show(data.slot);
  }
}
