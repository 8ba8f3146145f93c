import Listening
import Logging
import TokenVerification

/// Where a gate listens, what it logs, and where it keeps answers.
extension Setting {
    package static let config = Setting(
        "config",
        .text("PATH"),
        "A file of settings, in JSON.",
        place: .commandLine,
        change: .restart
    )
    package static let listen = Setting(
        "listen",
        .text("HOST:PORT|unix:/PATH"),
        "Where the gate listens.",
        preset: "127.0.0.1:8080",
        accepts: addresses,
        change: .restart
    ) { ListenAddress($0) != nil }
    package static let adminListen = Setting(
        "admin-listen",
        .text("HOST:PORT|unix:/PATH"),
        "Where /metrics, /status, /forget and their kin are.",
        preset: "where the rest is",
        accepts: addresses,
        change: .restart
    ) { ListenAddress($0) != nil }
    package static let socketMode = Setting(
        "socket-mode",
        .text("OCTAL"),
        "Which users may connect to a Unix socket.",
        preset: "660",
        accepts: "octal digits from 0 to 777, such as 660",
        change: .restart
    ) { Int($0, radix: 8).map((0...0o777).contains) ?? false }
    package static let tlsCertificate = Setting(
        "tls-certificate",
        .text("PATH"),
        "Speak TLS with this certificate chain, in PEM. SIGHUP reads the same file again.",
        change: .restart
    )
    package static let tlsKey = Setting(
        "tls-key",
        .text("PATH"),
        "The certificate's key.",
        change: .restart
    )

    package static let logLevel = Setting(
        "log-level",
        .choice(Logger.Level.allCases.map(\.rawValue)),
        "What is logged.",
        preset: "notice",
        change: .restart
    )
    package static let logFormat = Setting(
        "log-format",
        .choice(LogOptions.Format.allCases.map(\.rawValue)),
        "How a line of the log looks.",
        preset: "text",
        change: .restart
    )
    package static let accessLog = Setting(
        "access-log",
        .flag,
        "Log each request to /verify, without tokens, paths and queries.",
        preset: "false"
    )

    package static let storeAddress = Setting(
        "store",
        .text("memory:|sqlite:PATH|redis://HOST"),
        "Where answers are kept. A Redis may also be `rediss://`, `redis+sentinel://`, `redis+cluster://` or "
            + "`redis+unix://`.",
        preset: "memory:",
        accepts: "memory:, sqlite:PATH or redis://HOST:PORT/DATABASE",
        change: .restart
    ) {
        $0 == "memory:" || ($0.hasPrefix("sqlite:") && $0 != "sqlite:")
            || $0.hasPrefix("redis") && $0.contains("://")
    }
    package static let namespace = Setting(
        "namespace",
        .text("NAME"),
        "The gate's part of a Redis database.",
        preset: "token-gate",
        change: .restart
    )
    package static let capacity = Setting(
        "capacity",
        .number(0...Int(UInt32.max) - 1),
        "How many answers are kept.",
        preset: "what the store has recorded, else 10000",
        change: .restart
    )
    package static let shards = Setting(
        "shards",
        .number(1...1_024),
        "How many slots of a Redis cluster the gate's part uses.",
        preset: "1",
        change: .restart
    )
    package static let redisPassword = Setting(
        "redis-password",
        .secret,
        "The password of the Redis servers.",
        change: .restart
    )
    package static let sentinelUser = Setting(
        "sentinel-user",
        .text("NAME"),
        "The user at the Sentinels, where they have their own.",
        change: .restart
    )
    package static let sentinelPassword = Setting(
        "sentinel-password",
        .secret,
        "The password of the Sentinels.",
        preset: "that of the Redis servers",
        change: .restart
    )
    package static let redisAuthorities = Setting(
        "redis-ca",
        .text("PATH"),
        "The only certificate authorities to trust at a Redis, in PEM.",
        preset: "the system's",
        change: .restart
    )
    package static let redisCertificate = Setting(
        "redis-certificate",
        .text("PATH"),
        "The gate's certificate for a Redis, in PEM.",
        change: .restart
    )
    package static let redisKey = Setting(
        "redis-key",
        .text("PATH"),
        "The key of that certificate.",
        change: .restart
    )
    package static let sealing = Setting(
        "sealing",
        .choice(["secret", "token-only"]),
        "How answers in a file or in Redis are protected. Redis needs a secret, or `token-only` by choice.",
        preset: "by the secret, if there is one",
        change: .restart
    )
    package static let sealingSecret = Setting(
        "sealing-secret",
        .secret,
        "Seals answers in a file or in Redis: at least 32 bytes.",
        change: .restart
    )
    package static let previousSealingSecret = Setting(
        "previous-sealing-secret",
        .secret,
        "Still opens what was sealed with it.",
        change: .restart
    )

    package static let lifetime = Setting(
        "lifetime",
        timeSpan,
        "How long an answer is used; 0 keeps nothing.",
        preset: "300",
        change: .restart
    )
    package static let near = Setting(
        "near",
        timeSpan,
        "How long a copy of a shared answer is used.",
        change: .restart
    )
    package static let refusalLifetime = Setting(
        "refusal-lifetime",
        timeSpan,
        "How long a refusal is remembered.",
        change: .restart
    )
    package static let staleGrace = Setting(
        "stale-grace",
        timeSpan,
        "How long an old answer is used while the authority is down.",
        change: .restart
    )
    package static let refreshAfter = Setting(
        "refresh-after",
        .number(1...315_360_000, "SECONDS"),
        "How old an answer is when its next use has the authority asked again, in the background.",
        change: .restart
    )
    package static let lifeJitter = Setting(
        "life-jitter",
        .number(0...50, "PERCENT"),
        "By how much the lives of answers are shortened, so that they don't all expire at one moment.",
        preset: "0",
        change: .restart
    )
    package static let requestDeadline = Setting(
        "request-deadline",
        .number(1...300, "SECONDS"),
        "How long a request may take in all, its authority and its store included.",
        preset: "12",
        change: .restart
    )
    package static let sharing = Setting(
        "sharing",
        .choice(GateConfiguration.Sharing.allCases.map(\.rawValue)),
        "Whether each question is asked once per process or per fleet.",
        preset: "process",
        change: .restart
    )
    package static let revocationMarks = Setting(
        "revocation-marks",
        .flag,
        "Let all tokens of a subject or a client be forgotten. Every gate of the store needs the same.",
        preset: "false",
        change: .restart
    )

    package static let adminSecret = Setting(
        "admin-secret",
        .secret,
        "Allows to POST /forget: at least 16 bytes."
    )
    package static let resource = Setting(
        "resource",
        .text("URL"),
        "The protected resource, which then describes itself (RFC 9728)."
    )
    package static let authorizationServer = Setting(
        "authorization-server",
        .list("URL"),
        "Where clients get tokens for the resource.",
        key: "authorization-servers"
    )

    private static let addresses = "HOST:PORT, [ADDRESS]:PORT or unix:/PATH with at most 103 bytes"
}
