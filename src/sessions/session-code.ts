import { randomInt } from 'node:crypto';

/**
 * A random code, easy to read out, to write down and to distinguish from others; it identifies nobody. There are
 * about 800,000, so the caller has to check that a code is not taken.
 */
export function newCode(): string {
  return `${pick(QUALITIES)}-${pick(ANIMALS)}-${randomInt(10, 100)}`;
}

const pick = (words: readonly string[]): string => words[randomInt(words.length)]!;

// No word describes a person's state, as reports show the code, and no two words sound alike.
const QUALITIES =
  'amber azure birch blue brass bright bronze cedar chalk clear cloud cobalt copper coral crimson dawn deep dusk early east fern flint forest gold granite green hazel high indigo iron ivory jade lake lemon light lilac linen lunar maple marble marine meadow mint misty moss north oak olive opal pearl pine plain plum quartz quick rapid river round royal ruby rust sage sand scarlet shore silk silver slate snow solar south spring star steel stone summer swift tall teal tidal timber topaz velvet violet west white wide willow winter wood woven'.split(
    ' ',
  );
const ANIMALS =
  'badger beaver bison bobcat camel caribou cat cobra condor crane cricket curlew deer dolphin dove dragonfly duck eagle egret elk falcon ferret finch fox gazelle gecko goose grouse gull hare hawk hedgehog heron horse ibex ibis jackdaw jaguar kestrel kingfisher kite koala lark lemur leopard lion llama lynx magpie marten mole moose moth newt nuthatch orca oriole osprey otter owl panda panther parrot pelican penguin pheasant pigeon plover pony puffin quail rabbit raven robin salmon seal shrew snipe sparrow squirrel stork swallow swan swift tapir tern thrush tiger toad trout turtle vole walrus warbler whale wolf wombat wren yak zebra'.split(
    ' ',
  );
