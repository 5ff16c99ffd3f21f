/**
 * What the trial job runs, with the target's own Python on a compute node: it says what that node
 * sees. Standard library only, and any Python 3, since it has to tell of an old one too. A look at a
 * disk, or at the network, that hangs takes only its own answer with it.
 */
export const TRIAL_PROGRAM = `import json
import os
import platform
import socket
import sys
import threading

DEADLINE_S = 8.0


def look_at(place):
    try:
        seen = os.path.isdir(place)
        return {"seen": seen, "writable": seen and os.access(place, os.W_OK)}
    except OSError as error:
        return {"seen": False, "writable": False, "problem": str(error)}


def look_up(name):
    if not name:
        return None
    try:
        socket.getaddrinfo(name, 443)
        return "known"
    except OSError:
        return "unknown"


def main():
    directory = sys.argv[1]
    with open(os.path.join(directory, "spec.json")) as file:
        spec = json.load(file)
    answers = {}

    def ask(key, action, *arguments):
        answers[key] = action(*arguments)

    asked = [("network", look_up, spec["lookUp"])]
    asked += [("place:" + place, look_at, place) for place in spec["places"]]
    threads = [threading.Thread(target=ask, args=each) for each in asked]
    for thread in threads:
        thread.daemon = True
        thread.start()
    for thread in threads:
        thread.join(DEADLINE_S)
    report = {
        "node": platform.node(),
        "python": platform.python_version(),
        "network": answers.get("network", "silent") if spec["lookUp"] else None,
        "places": {place: answers.get("place:" + place) for place in spec["places"]},
    }
    aside = os.path.join(directory, "report.new")
    with open(aside, "w") as file:
        file.write(json.dumps(report))
        file.flush()
        os.fsync(file.fileno())
    os.rename(aside, os.path.join(directory, "report.json"))
    # A thread that hangs must not keep the job.
    os._exit(0)


main()
`;
