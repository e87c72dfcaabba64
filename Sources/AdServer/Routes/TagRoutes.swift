import HTTPServer
import HTTPTypes

/// `/tag.js`: the script that a page includes once; see ``script`` for what it does.
struct TagRoutes: Sendable {
  var routes: [Route] {
    let answer = Response(
      status: .ok,
      fields: [.contentType: "text/javascript; charset=utf-8", .cacheControl: "public, max-age=3600"],
      body: Array(Self.script.utf8))
    return [Route(.get, "/tag.js", name: "tag", documentation: .tag, handler: .immediate { _ in answer })]
  }

  /// Fills the page's elements with a `data-adloop` attribute, the first with slot 1 and so on, from one decision.
  ///
  /// The script element's own `data-…` attributes are the request: `data-user`, and the context's fields as features.yaml
  /// writes them. An ad is an impression when half of it has been in sight for one second (IAB), or when it is clicked. Text
  /// is set as text and addresses must be http(s), so no creative can run code in the page. Before an ad is drawn, its place
  /// gets the cancelable event `adloop` with the ad as `detail`: a page that prevents the default draws it itself.
  static let script = #"""
    (() => {
      "use strict";
      const me = document.currentScript;
      const server = new URL(me.src).origin;
      const secondsInView = 1, shareInView = 0.5, attempts = 3;

      const web = (text) => {
        try {
          const url = new URL(text, server);
          return /^https?:$/.test(url.protocol) ? url.href : null;
        } catch { return null; }
      };

      const report = (token, attempt = 1) =>
        fetch(server + "/log", {
          method: "POST", keepalive: true, credentials: "omit",
          headers: { "Content-Type": "text/plain" }, body: JSON.stringify({ event: "impression", token }),
        }).then((answer) => { if (answer.status >= 500) throw answer; }).catch(() => {
          if (attempt < attempts) setTimeout(report, 5000 * attempt, token, attempt + 1);
        });

      const watch = (place, token) => {
        let timer = 0, done = false, inView = false;
        const seen = () => { if (!done) { done = true; observer.disconnect(); report(token); } };
        const check = () => {
          clearTimeout(timer);
          if (inView && document.visibilityState === "visible") timer = setTimeout(seen, secondsInView * 1000);
        };
        const observer = new IntersectionObserver((entries) => {
          inView = entries[entries.length - 1].intersectionRatio >= shareInView;
          if (!done) check();
        }, { threshold: shareInView });
        observer.observe(place);
        document.addEventListener("visibilitychange", () => { if (!done) check(); });
        place.addEventListener("click", seen, { capture: true });
      };

      const draw = (place, ad) => {
        const link = document.createElement("a");
        link.href = server + ad.click;
        link.target = "_blank";
        link.rel = "sponsored noopener";
        const source = ad.creative.image && web(ad.creative.image);
        if (source) {
          const image = document.createElement("img");
          image.alt = "";
          image.onerror = () => image.remove();
          image.src = source;
          link.append(image);
        }
        link.append(ad.creative.title || "");
        place.replaceChildren(link);
      };

      const fill = async () => {
        const places = [...document.querySelectorAll("[data-adloop='']")];
        if (!places.length) return;
        const query = new URLSearchParams({ ...me.dataset, slots: places.length });
        const answer = await fetch(server + "/rank?" + query, { credentials: "omit" });
        if (!answer.ok) throw new Error("AdLoop: " + (await answer.text()));
        for (const ad of (await answer.json()).ads) {
          const place = places[ad.slot - 1];
          place.dataset.adloop = ad.ad;
          const event = new CustomEvent("adloop", { detail: ad, bubbles: true, cancelable: true });
          if (place.dispatchEvent(event)) draw(place, ad);
          watch(place, ad.token);
        }
      };

      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", fill);
      else fill();
    })();

    """#
}
