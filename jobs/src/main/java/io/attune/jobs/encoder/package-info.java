/** Lists pretrained encoders for people and tools, with what they cost on this machine. */
package io.attune.jobs.encoder;
