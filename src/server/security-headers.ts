import { secureHeaders } from 'hono/secure-headers';

const NONE = ["'none'"];
const SELF = ["'self'"];

/**
 * Everything the dashboard needs comes from the server itself: no inline scripts or styles, no other hosts,
 * no frames round it, the microphone for itself alone. A page may set a stricter header: a report fetches
 * nothing at all.
 */
export const securityHeaders = secureHeaders({
  overwrite: false,
  contentSecurityPolicy: {
    defaultSrc: NONE,
    scriptSrc: SELF,
    workerSrc: SELF,
    styleSrc: SELF,
    imgSrc: ["'self'", 'data:'],
    fontSrc: SELF,
    connectSrc: SELF,
    manifestSrc: SELF,
    baseUri: NONE,
    formAction: NONE,
    frameAncestors: NONE,
  },
  permissionsPolicy: { microphone: ['self'], camera: [], geolocation: [] },
  xFrameOptions: 'DENY',
  // The server may be reached over plain HTTP, also on the same host as others.
  strictTransportSecurity: false,
  originAgentCluster: false,
  // For browsers that are no more.
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});
