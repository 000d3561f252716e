// Saves verdicts in the order they were given, several in one request, and says what became of each.

const MOST = 100;
const KEPT = 20_000; // characters: a browser finishes at most 64 KB for a page that is closed
const UNREACHABLE = "the review page's server cannot be reached: is `chipwire review` running?";

export class Saver {
  // `settled(entry, error)` is called once for each entry; error is "" when it was saved.
  // `working(true)` when there is something to save, `working(false)` when all of it is settled.
  // `enter()` asks a person for the token and resolves to whether there is a new one.
  constructor({ reviewer, token, enter, settled, working }) {
    Object.assign(this, { reviewer, token, enter, settled, working });
    this.waiting = [];
    this.sent = [];
    this.busy = false;
  }

  add(entry) {
    this.waiting.push(entry);
    if (!this.busy) this.run();
  }

  // The last entry on its way that `matches`: what the server does not know yet.
  pending(matches) {
    return [...this.sent, ...this.waiting].findLast(matches);
  }

  async run() {
    this.busy = true;
    this.working(true);
    while (this.waiting.length) {
      this.sent = this.waiting.splice(0, MOST);
      const errors = await this.send(this.sent);
      const batch = this.sent;
      this.sent = [];
      batch.forEach((entry, i) => this.settled(entry, errors[i]));
    }
    this.busy = false;
    this.working(false);
  }

  async send(batch) {
    try {
      let answer = await this.post(batch);
      if (answer.status === 401 && (await this.enter())) answer = await this.post(batch);
      const said = await answer.json();
      if (!answer.ok) return batch.map(() => said.error || `the server answered ${answer.status}`);
      return said.results.map((result) => (result.saved ? "" : result.error));
    } catch {
      return batch.map(() => UNREACHABLE);
    }
  }

  post(batch) {
    const labels = batch.map(({ article_id, topic, verdict, note }) => ({ article_id, topic, verdict, note }));
    const body = JSON.stringify({ reviewer: this.reviewer(), labels });
    const headers = { "content-type": "application/json" };
    if (this.token()) headers.authorization = `Bearer ${this.token()}`;
    // A page closed right after a key: the browser finishes what is small enough.
    return fetch("/-/chipwire/label", { method: "POST", headers, body, keepalive: body.length < KEPT });
  }
}
