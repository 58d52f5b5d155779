import { describeFormats } from './family.ts';
import { OTHER_GROUPS } from './tables/others.ts';

describeFormats('others', OTHER_GROUPS);
