/** Opens sealed variables at the moment they are put into a cluster. */
export abstract class SecretOpener {
  abstract open(serviceUid: string, name: string, version: number): Promise<string>;
}
