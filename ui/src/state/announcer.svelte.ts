/** What a screen reader is to say next. Two sentences in a row are both spoken, since the region is rebuilt for each. */
export class Announcer {
  said = $state.raw<{ id: number; text: string }>({ id: 0, text: "" });

  say(text: string): void {
    this.said = { id: this.said.id + 1, text };
  }
}
