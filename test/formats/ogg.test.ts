import { describeFormats } from './family.ts';
import { OGG_GROUPS } from './tables/ogg.ts';

describeFormats('ogg', OGG_GROUPS);
