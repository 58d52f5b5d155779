import { basename } from 'node:path';
import { findModel } from '../model/load.ts';
import type { Scale } from '../profiles/profile.ts';
import { ProfileStore, usableScale } from '../profiles/profile-store.ts';

/** The scale of a profile for the model of a command. @throws UserError as `usableScale` and `findModel` do */
export async function profileScale(
  name: string,
  { dataDir, model }: { readonly dataDir: string; readonly model: string },
): Promise<Scale> {
  return usableScale(new ProfileStore(dataDir), name, basename(await findModel(model)));
}
