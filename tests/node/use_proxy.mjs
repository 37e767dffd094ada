// For Node before 22.21 (and 23), whose fetch reads no proxy variables: NODE_OPTIONS=--import=.../use_proxy.mjs
import { EnvHttpProxyAgent, setGlobalDispatcher } from "undici";

setGlobalDispatcher(new EnvHttpProxyAgent());
