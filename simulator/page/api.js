// The control interface, as the page uses it.

const WAIT_SECONDS = 25;

/** What the simulator refused; the message is a sentence. */
export class Refused extends Error {}

async function ask(verb, path, query, body, signal) {
  const address = new URL(`/control/${path}`, location.origin);
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  const answer = await fetch(address, {
    method: verb,
    signal,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  const read = await answer.json();
  if (read.error) throw new Refused(read.error);
  return read;
}

export const get = (path, query = {}, signal = undefined) => ask("GET", path, query, null, signal);
export const post = (path, body = {}) => ask("POST", path, {}, body);
export const fileAddress = (fileId) => `/control/files/${encodeURIComponent(fileId)}`;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Watch a chat by long polls until the signal ends it. Calls
 * all(snapshot) first and after each new beginning, events(list), lost() when the simulator is away,
 * gone() when the chat is no more.
 */
export async function watch(chatId, signal, { all, events, lost, gone }) {
  const path = `chat/${chatId}/messages`;
  let known = null;
  while (!signal.aborted) {
    try {
      if (known === null) {
        known = await get(path, {}, signal);
        all(known);
      }
      const fresh = await get(path, { after_event: known.event, wait: WAIT_SECONDS }, signal);
      if (fresh.epoch !== known.epoch) {
        known = null;
        continue;
      }
      known.event = fresh.event;
      if (fresh.events.length) events(fresh.events);
    } catch (problem) {
      if (signal.aborted) return;
      if (problem instanceof Refused) return gone();
      lost();
      known = null;
      await pause(1000);
    }
  }
}
