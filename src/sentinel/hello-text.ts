/**
 * The hello message: how sentinels find each other and spread newer configurations.
 *
 * Eight fields, comma separated: the sentinel's ip, port, run id and current epoch, then the
 * master's name, ip, port and configuration epoch.
 *
 * @see redis/redis 7.0 src/sentinel.c, sentinelSendHello(), sentinelProcessHelloMessage()
 */
import type { Address } from '../base/address.js';

export const HELLO_CHANNEL = '__sentinel__:hello';

export interface Hello {
  readonly address: Address;
  readonly runid: string;
  readonly currentEpoch: number;
  readonly masterName: string;
  readonly masterAddress: Address;
  readonly configEpoch: number;
}

export function formatHello(hello: Hello): string {
  const { address, runid, currentEpoch, masterName, masterAddress, configEpoch } = hello;
  return [
    address.host,
    address.port,
    runid,
    currentEpoch,
    masterName,
    masterAddress.host,
    masterAddress.port,
    configEpoch,
  ].join(',');
}

/** @returns the message, or null if it is not one: any client can publish on the channel. */
export function parseHello(payload: string): Hello | null {
  const fields = payload.split(',');
  if (fields.length !== 8) return null;
  const [host, port, runid, epoch, masterName, masterHost, masterPort, configEpoch] = fields;
  const address = parseAddress(host, port);
  const masterAddress = parseAddress(masterHost, masterPort);
  const currentEpoch = parseEpoch(epoch);
  const masterEpoch = parseEpoch(configEpoch);
  if (address === null || masterAddress === null) return null;
  if (currentEpoch === null || masterEpoch === null) return null;
  if (!runid || !masterName) return null;
  return { address, runid, currentEpoch, masterName, masterAddress, configEpoch: masterEpoch };
}

function parseAddress(host = '', port = ''): Address | null {
  const number = Number(port);
  return host !== '' && /^\d{1,5}$/.test(port) && number <= 65_535 ? { host, port: number } : null;
}

/** Above 2^53 epochs would no longer be told apart; no cluster gets there by elections. */
function parseEpoch(text = ''): number | null {
  const value = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(value) ? value : null;
}
