/**
 * A mail's HTML as a still picture: it runs nothing, loads nothing and leads nowhere. Its styles are kept as data, under
 * that name before they are parsed, because the content policy complains of each that it meets.
 */
export function still(html: string): string {
  const named = html.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle(?=\s*=)/gi, " data-style"));
  const page = new DOMParser().parseFromString(named, "text/html");
  for (const element of page.querySelectorAll("script, style, link, base, meta, iframe, object, embed, form")) element.remove();
  for (const element of page.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) {
      if (["style", "src", "srcset", "href", "background", "action"].includes(name) || name.startsWith("on")) element.removeAttribute(name);
    }
  }
  return page.documentElement.outerHTML;
}
