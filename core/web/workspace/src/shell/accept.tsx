/** One button for what is offered from every channel: quiet while nothing waits, and then the first thing one sees. */
import { useEffect, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { acceptOffer, declineOffer, tellProblem } from "../desk/actions";
import { useDesk } from "../desk/desk";
import { setStatus } from "../desk/reading";
import type { Offer } from "../desk/wire";
import { channelIcon, channelName } from "../desk/words";
import { clock, say, useText } from "../i18n";
import { Button, Icon, IconButton, Menu } from "../ui";
import { useTick } from "./tick";

/** Below so many seconds the remaining time is said loudly. */
const URGENT_S = 10;
/** Statuses that always exist, by the gateway's numbers. */
const OFFLINE = 2;
const ONLINE = 3;

export function AcceptButton() {
  const now = useTick(1000);
  const offers = useDesk((state) => state.offers).filter((offer) => Date.parse(offer.expires_at) > now);
  const first = offers[0];
  return (
    <div className="accept-place">
      {first ? <Offered offer={first} offers={offers} now={now} /> : <Idle />}
      <Announcement offer={first} />
    </div>
  );
}

/** Nothing waits; and nothing will, while the agent is offline. */
function Idle() {
  const t = useText();
  const offline = useDesk((state) => state.availability?.agent_status.id === OFFLINE);
  if (offline)
    return (
      <Button icon="power" className="accept-online" onPress={() => void goOnline()}>
        {t("goOnline")}
      </Button>
    );
  return (
    <Button isDisabled className="accept-idle" icon="inbox">
      {t("acceptNone")}
    </Button>
  );
}

async function goOnline(): Promise<void> {
  await setStatus(ONLINE).catch((error) => tellProblem(error, say("availabilityFailed")));
}

function Offered({ offer, offers, now }: { offer: Offer; offers: readonly Offer[]; now: number }) {
  const t = useText();
  const [busy, setBusy] = useState(false);
  const channel = channelName(t, offer.channel);
  const left = Math.max(0, Math.ceil((Date.parse(offer.expires_at) - now) / 1000));
  const accept = async () => {
    setBusy(true);
    await acceptOffer(offer);
    setBusy(false);
  };
  return (
    <div className="accept">
      <AriaButton className="accept-button" isPending={busy} onPress={accept}>
        {busy ? <span className="spinner" /> : <Icon name={channelIcon(offer.channel)} size={20} />}
        <span className="accept-words">
          <span className="accept-line">
            <strong>{t("accept")}</strong>
            <span className="cut">
              {offer.requester.name} {t("via", { channel })}
            </span>
            {offers.length > 1 && <span className="accept-count">{offers.length}</span>}
          </span>
          <span className="accept-preview cut">{offer.preview}</span>
        </span>
        <span className="accept-times" aria-hidden="true">
          <span>{t("waiting", { time: clock(now - Date.parse(offer.waiting_since)) })}</span>
          <span className={left <= URGENT_S ? "accept-lease is-urgent" : "accept-lease"}>
            {t("leaseLeft", { n: left })}
          </span>
        </span>
      </AriaButton>
      <OfferMenu offer={offer} offers={offers} />
    </div>
  );
}

function OfferMenu({ offer, offers }: { offer: Offer; offers: readonly Offer[] }) {
  const t = useText();
  const others = offers.slice(1).map((other) => ({
    id: `accept-${other.id}`,
    name: t("acceptThis", { name: other.requester.name, channel: channelName(t, other.channel) }),
    detail: other.preview,
    icon: channelIcon(other.channel),
    onAction: () => void acceptOffer(other),
  }));
  const decline = {
    id: "decline",
    name: t("decline"),
    detail: t("declineHint"),
    icon: "close" as const,
    onAction: () => void declineOffer(offer),
  };
  return (
    <Menu
      label={t("acceptMore")}
      placement="bottom start"
      parts={[
        { id: "decline", entries: [decline] },
        { id: "others", title: t("offers"), entries: others },
      ]}
    >
      <IconButton icon="down" label={t("acceptMore")} className="accept-more" />
    </Menu>
  );
}

/** Tells a screen reader once of each offer; the button itself changes every second. */
function Announcement({ offer }: { offer: Offer | undefined }) {
  const t = useText();
  const [said, setSaid] = useState("");
  const id = offer?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another offer is news.
  useEffect(() => {
    setSaid(
      offer
        ? t("offerAnnounced", {
            name: offer.requester.name,
            channel: channelName(t, offer.channel),
            text: offer.preview,
          })
        : "",
    );
  }, [id]);
  return (
    <span className="hidden" role="status">
      {said}
    </span>
  );
}
