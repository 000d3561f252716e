// Saves verdicts in the order they were given, several in one request, and says what became of each.

const MOST = 100;

export class Saver {
  // `settled(entry, error)` is called once for each entry; error is "" when it was saved.
  // `working(true)` when there is something to save, `working(false)` when all of it is settled.
  constructor(reviewer, settled, working) {
    this.reviewer = reviewer;
    this.settled = settled;
    this.working = working;
    this.waiting = [];
    this.busy = false;
  }

  add(entry) {
    this.waiting.push(entry);
    if (!this.busy) this.run();
  }

  async run() {
    this.busy = true;
    this.working(true);
    while (this.waiting.length) {
      const batch = this.waiting.splice(0, MOST);
      const errors = await this.send(batch);
      batch.forEach((entry, i) => this.settled(entry, errors[i]));
    }
    this.busy = false;
    this.working(false);
  }

  async send(batch) {
    try {
      const answer = await fetch("/-/chipwire/label", {
        method: "POST",
        headers: { "content-type": "application/json" },
        // Survives the page being closed right after a key: the browser finishes it.
        keepalive: true,
        body: JSON.stringify({
          reviewer: this.reviewer(),
          labels: batch.map(({ article_id, topic, verdict, note }) => ({ article_id, topic, verdict, note })),
        }),
      });
      const said = await answer.json();
      if (!answer.ok) return batch.map(() => said.error || `the server answered ${answer.status}`);
      return said.results.map((result) => (result.saved ? "" : result.error));
    } catch {
      return batch.map(() => "the review page's server cannot be reached: is `chipwire review` running?");
    }
  }
}
