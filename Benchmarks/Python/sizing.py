"""Prints the table of the article Sizing, from its formulas."""

# Bytes for a token with a dozen claims, indexes included.
FILE, REDIS = 700, 1_000
# What one place bears, with room to spare: operations a second of one Redis, questions a second of one authority.
SERVER = 50_000


def sizes(tokens, requests, processes, lifetime, near, refresh):
    """What a fleet needs whose tokens are all in steady use."""
    uses = requests / tokens / processes
    return {
        "questions": tokens / (0.95 * refresh if refresh else lifetime),
        "looks": requests / (1 + uses * near),
    }


def short(number):
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= 0.9995 * limit:
            return f"{float(f'{number / limit:.3g}'):g} {unit}"
    return f"{number:.3g}"


def place(tokens, operations, processes, machines):
    """The smallest store that bears it."""
    if machines == 1:
        return "one file" if processes > 1 else "memory, or one file"
    shards = max(1, -(-int(operations) // SERVER), -(-tokens * REDIS // 16_000_000_000))
    return "one Redis" if shards == 1 else f"a cluster with {shards} shards"


ROWS = [
    # tokens, requests/s, processes, machines, time to live, near life, refresh.after
    (1_000, 100, 1, 1, 300, 0, 0),
    (10_000, 1_000, 4, 1, 300, 0, 0),
    (100_000, 10_000, 10, 5, 300, 5, 0),
    (100_000, 10_000, 10, 5, 300, 5, 240),
    (1_000_000, 50_000, 50, 50, 600, 5, 480),
    (10_000_000, 200_000, 200, 200, 1_800, 5, 1_500),
    (100_000_000, 1_000_000, 1_000, 1_000, 3_600, 5, 3_000),
]


def main():
    print(
        "| tokens in use | requests/s | processes | time to live | near | refresh after | questions/s | look-ups/s"
        " | operations/s | store | bytes in it |"
    )
    print("| ---: " * 11 + "|")
    for tokens, requests, processes, machines, lifetime, near, refresh in ROWS:
        need = sizes(tokens, requests, processes, lifetime, near, refresh)
        # A question costs a write, a lease and its release; a refresh one look-up more.
        operations = need["looks"] + need["questions"] * (4 if refresh else 3 if processes > 1 else 1)
        size = tokens * (REDIS if machines > 1 else FILE)
        print(
            f"| {short(tokens)} | {short(requests)} | {processes} | {lifetime} s | {near or '–'} | {refresh or '–'}"
            f" | {short(need['questions'])} | {short(need['looks'])} | {short(operations)}"
            f" | {place(tokens, operations, processes, machines)} | {short(size)} |"
        )


main()
