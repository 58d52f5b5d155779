import { isIP } from 'node:net';
import { connectorOf } from '../../sinks/kinds/index.ts';
import type { SinkEntry } from '../../sinks/sink-entry.ts';
import { sinkName } from '../../sinks/sink-uri.ts';
import { publicOnly } from '../../stream/sources/http/address-guard.ts';
import { UserError } from '../../user-error.ts';
import type { RemotePolicy } from './remote-source.ts';

/**
 * Checks sinks that a client sets: only kinds that use the network, public addresses and `remote.privateNetworks`, and
 * no variables or files of the server. A host name is checked again whenever it is connected to.
 *
 * @throws UserError `sink-not-allowed`, `forbidden-address`
 */
export function remoteSinks(entries: readonly SinkEntry[], { privateNetworks }: RemotePolicy): SinkEntry[] {
  const allows = publicOnly(privateNetworks);
  return entries.map(({ secret, ...entry }) => {
    const name = sinkName(entry.sink);
    const { kind, connector } = connectorOf(entry);
    if (!kind.remote) {
      const message = `Sinks such as ${name} cannot be set over the API: put it into the configuration.`;
      throw new UserError('sink-not-allowed', message);
    }
    if (typeof secret === 'object') {
      const message = `The secret of ${name} must be the text itself: variables and files of the server cannot be read over the API.`;
      throw new UserError('sink-not-allowed', message);
    }
    const { host } = connector;
    if (host !== undefined && isIP(host) !== 0 && !allows(host)) {
      const message = `${name} is in a private network: sinks that are set while the server runs must be public, unless "remote.privateNetworks" of its configuration allows more.`;
      throw new UserError('forbidden-address', message);
    }
    return secret === undefined ? entry : { ...entry, secret };
  });
}
