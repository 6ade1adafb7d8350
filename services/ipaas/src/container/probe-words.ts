import type { ClusterClient, SlimPod } from '@berth/clients/kubernetes';
import { cutText } from '@berth/contracts';

const askAgainAfterMs = 60_000;
const mostKept = 2_000;

interface Words {
  readonly text: string | null;
  readonly askedAtMs: number;
}

/**
 * What the kubelet said when a readiness check failed. The pod itself does not tell; its events do, and they are asked for
 * once a minute for a container that stays unready.
 */
export class ProbeWords {
  private readonly words = new Map<string, Words>();
  private readonly asking = new Set<string>();

  constructor(
    private readonly client: ClusterClient,
    private readonly signal: AbortSignal,
    /** Called when something was learnt about a container of this service. */
    private readonly learnt: (serviceUid: string) => void,
  ) {}

  /** Null while it is not known; asks for it then. */
  of(pod: SlimPod): string | null {
    const known = this.words.get(pod.uid);
    const isOld = !known || Date.now() - known.askedAtMs > askAgainAfterMs;
    if (isOld && !this.asking.has(pod.uid)) void this.ask(pod);
    return known?.text ?? null;
  }

  private async ask(pod: SlimPod): Promise<void> {
    this.asking.add(pod.uid);
    const before = this.words.get(pod.uid)?.text ?? null;
    const text = (await this.read(pod)) ?? before;
    this.asking.delete(pod.uid);
    this.words.delete(pod.uid);
    this.words.set(pod.uid, { text, askedAtMs: Date.now() });
    for (const oldest of this.words.keys()) {
      if (this.words.size <= mostKept) break;
      this.words.delete(oldest);
    }
    if (text !== before && pod.serviceUid) this.learnt(pod.serviceUid);
  }

  private async read({ namespace, uid }: SlimPod): Promise<string | null> {
    try {
      const fieldSelector = `involvedObject.uid=${uid},reason=Unhealthy`;
      const [latest] = await this.client.events(namespace, { fieldSelector, signal: this.signal });
      return latest ? cutText(latest.message.trim(), 400) : null;
    } catch {
      // Only words: without them the cause is said in ours.
      return null;
    }
  }
}
