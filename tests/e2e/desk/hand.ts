import { expect, type Locator, type Page } from "@playwright/test";

async function middle(of: Locator): Promise<{ x: number; y: number }> {
  await of.scrollIntoViewIfNeeded();
  const box = await of.boundingBox();
  if (box === null) throw new Error("it has no place on the screen");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Picks something up and carries it over something else, as a hand does: not in one jump. */
export async function carry(page: Page, from: Locator, to: Locator): Promise<void> {
  const start = await middle(from);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 12, start.y + 6, { steps: 3 });
  const end = await middle(to);
  await page.mouse.move(end.x, end.y, { steps: 8 });
  // The target says that it is meant; a hand waits for that as well.
  await expect(to).toHaveClass(/\bover\b/);
}

export async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  await carry(page, from, to);
  await page.mouse.up();
}

/** The card of a ticket. */
export function card(page: Page, ticket: number): Locator {
  return page.locator(`[data-testid=ticket-card][data-ticket-id="${ticket}"]`);
}

/** The tickets of an organization. */
export function group(page: Page, organization: number): Locator {
  return page.locator(`[data-testid=org-group][data-org-id="${organization}"]`);
}

/** A client that tickets can be dropped on. */
export function target(page: Page, client: string): Locator {
  return page.locator(`[data-testid=client-target][data-client="${client}"]`).first();
}

/** The ids of the cards, from top to bottom. */
export async function order(page: Page): Promise<number[]> {
  const cards = await page.getByTestId("ticket-card").all();
  return Promise.all(cards.map(async (one) => Number(await one.getAttribute("data-ticket-id"))));
}
