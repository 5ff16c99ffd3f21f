import { LabIcon } from '@jupyterlab/ui-components';

const frame = (body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">${body}</svg>`;

/** A gate in a channel: the panel and the run command. */
export const sluiceIcon = new LabIcon({
  name: 'jupyterlab-sluice:sluice',
  svgstr: frame(
    '<g class="jp-icon3" fill="#616161"><path d="M2 2h2v12H2zM12 2h2v12h-2zM5 3h6v4H5z"/>' +
      '<path d="M5 9c1-1 2-1 3 0s2 1 3 0v1.4c-1 1-2 1-3 0s-2-1-3 0zM5 12c1-1 2-1 3 0s2 1 3 0v1.4c-1 1-2 1-3 0s-2-1-3 0z"/></g>'
  )
});

/** Waiting: in the queue or before it. */
export const waitingIcon = new LabIcon({
  name: 'jupyterlab-sluice:waiting',
  svgstr: frame(
    '<path class="jp-icon3" fill="#616161" d="M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm0 1.4a5.1 5.1 0 1 1 0 10.2A5.1 5.1 0 0 1 8 2.9zM7.3 4.5v4l3 1.8.7-1.1-2.3-1.4V4.5z"/>'
  )
});

/** At work. */
export const workingIcon = new LabIcon({
  name: 'jupyterlab-sluice:working',
  svgstr: frame(
    '<path class="jp-icon3" fill="#616161" d="M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zm0 1.4a5.1 5.1 0 1 1 0 10.2A5.1 5.1 0 0 1 8 2.9zM6.5 5v6L11 8z"/>'
  )
});

/** Went well. */
export const doneIcon = new LabIcon({
  name: 'jupyterlab-sluice:done',
  svgstr: frame(
    '<path class="jp-icon3" fill="#616161" d="M6.3 12.4 2 8.1l1.2-1.2 3.1 3.1L12.8 3.500 14 4.700z"/>'
  )
});

/** Went wrong. */
export const failedIcon = new LabIcon({
  name: 'jupyterlab-sluice:failed',
  svgstr: frame(
    '<path class="jp-icon3" fill="#616161" d="M8 1 .8 14.200h14.400zm0 3 4.700 8.800H3.300zM7.300 6.500h1.400v3.500H7.300zM7.300 10.700h1.400v1.400H7.300z"/>'
  )
});

/** A person has to log in: a key. */
export const loginIcon = new LabIcon({
  name: 'jupyterlab-sluice:login',
  svgstr: frame(
    '<path class="jp-icon3" fill="#616161" d="M5 4.500a3.500 3.500 0 1 0 3.300 4.700h1.900v2h2v-2h2.300V7.300H8.300A3.500 3.500 0 0 0 5 4.500zm0 1.700a1.800 1.800 0 1 1 0 3.600 1.800 1.800 0 0 1 0-3.600z"/>'
  )
});

/** Not done, since something before it went wrong. */
export const skippedIcon = new LabIcon({
  name: 'jupyterlab-sluice:skipped',
  svgstr: frame('<path class="jp-icon3" fill="#616161" d="M3 7.300h10v1.400H3z"/>')
});

/** Worth knowing. */
export const noteIcon = new LabIcon({
  name: 'jupyterlab-sluice:note',
  svgstr: frame(
    '<path class="jp-icon3" fill="#616161" d="M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zm0 1.400a5.100 5.100 0 1 1 0 10.200A5.100 5.100 0 0 1 8 2.900zM7.300 4.300h1.400v1.500H7.300zM7.300 7h1.400v4.700H7.300z"/>'
  )
});

/** Not known at present. */
export const unknownIcon = new LabIcon({
  name: 'jupyterlab-sluice:unknown',
  svgstr: frame(
    '<path class="jp-icon3" fill="#616161" d="M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zm0 1.400a5.100 5.100 0 1 1 0 10.200A5.100 5.100 0 0 1 8 2.900zM7.300 10.700h1.400v1.400H7.300zM8 4.100c-1.300 0-2.300.9-2.400 2.100h1.400c.1-.5.5-.8 1-.8s1 .4 1 .9c0 .4-.2.6-.7 1-.7.4-1 .9-1 1.800v.6h1.400v-.5c0-.4.1-.6.7-1 .7-.4 1-1 1-1.800 0-1.300-1-2.300-2.400-2.300z"/>'
  )
});

/** Held in the queue: two bars. */
export const heldIcon = new LabIcon({
  name: 'jupyterlab-sluice:held',
  svgstr: frame(
    '<path class="jp-icon3" fill="#616161" d="M8 1.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zm0 1.400a5.100 5.100 0 1 1 0 10.200A5.100 5.100 0 0 1 8 2.900zM5.800 5h1.500v6H5.800zM8.700 5h1.500v6H8.700z"/>'
  )
});

/** In the queue once more: an arrow that turns back. */
export const againIcon = new LabIcon({
  name: 'jupyterlab-sluice:again',
  svgstr: frame(
    '<path class="jp-icon3" fill="#616161" d="M8 2.500c1.700 0 3.200.7 4.200 1.900L13.800 2.800V7H9.600l1.600-1.600A4.100 4.100 0 1 0 12 9.300h1.500A5.600 5.600 0 1 1 8 2.500z"/>'
  )
});

/** Its time was over: an hourglass. */
export const timedOutIcon = new LabIcon({
  name: 'jupyterlab-sluice:timed-out',
  svgstr: frame(
    '<path class="jp-icon3" fill="#616161" d="M3.500 1.500h9v1.400h-1v1.800L9.100 8l2.400 3.300v1.800h1v1.400h-9v-1.400h1v-1.800L6.900 8 4.500 4.700V2.900h-1zm2.400 1.400v1.400L8 7.200l2.100-2.900V2.900zM8 8.800l-2.100 2.900v1.400h4.200v-1.400z"/>'
  )
});

/** It ran out of memory: a chip. */
export const memoryIcon = new LabIcon({
  name: 'jupyterlab-sluice:out-of-memory',
  svgstr: frame(
    '<path class="jp-icon3" fill="#616161" d="M5 1.500h1.300V3h1V1.500h1.400V3h1V1.500H11V3h2v2h1.500v1.300H13v1h1.500v1.400H13v1h1.500V11H13v2h-2v1.500H9.700V13h-1v1.500H7.300V13h-1v1.500H5V13H3v-2H1.500V9.700H3v-1H1.500V7.300H3v-1H1.500V5H3V3h2zm-.600 2.900v7.200h7.200V4.400zM7.300 5.500h1.400v3H7.300zm0 3.900h1.400v1.200H7.300z"/>'
  )
});

/** The machine that it ran on failed. */
export const nodeFailedIcon = new LabIcon({
  name: 'jupyterlab-sluice:node-failed',
  svgstr: frame(
    '<path class="jp-icon3" fill="#616161" d="M2 2.500h12v4H2zm1.400 1.400v1.200h9.200V3.900zM2 9h5.500v1.400H3.400v1.700h3.100v1.400H2zm7.600-.300 1.900 1.900 1.900-1.900 1 1-1.900 1.900 1.900 1.900-1 1-1.900-1.900-1.900 1.900-1-1 1.900-1.900-1.900-1.900z"/>'
  )
});
