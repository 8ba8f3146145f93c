import CacheStores
import CacheStoresRedis
import Testing

@Suite(.timeLimit(.minutes(10))) struct AddressTests {
    @Test(arguments: [
        "", "redis", "http://host", "redis://", "redis://:6379", "redis://host:0", "redis://host:65536",
        "redis://host:x",
        "redis://host/x", "redis://host/-1", "redis://a b", "redis+unix://path", "redis+unix:///s?x=1",
        "redis+unix:///s?db=x", "redis://user:s3cr3t%zz@host", "redis://user:s3cr3t/x@host",
        "redis+sentinel://h", "redis+sentinel://h,/s", "redis+sentinel:///s", "redis+cluster://",
        "redis+cluster://h:1,h:x",
        "redis+cluster://h/1", "redis://a,b", "redis://::1",
        "redis://[::1", "redis://h?db=1", "redis://h#x", "redis://:s3cr3t%0A@h", "redis://:s3cr3t\n@h",
        "redis://:\u{FEFF}s3cr3t@h", "redis://u%09:s3cr3t@h", "redis://user:s3cr3t/\u{301}x@host",
    ])
    func `invalid addresses are refused, and no password is repeated`(address: String) throws {
        let error = #expect(throws: StoreError.self) { try RedisStore(address, namespace: "n") }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.description.contains("s3cr3t") == false)
    }

    @Test(arguments: ["", String(repeating: "n", count: 1_025)])
    func `a namespace has 1 to 1024 bytes`(name: String) {
        let error = #expect(throws: StoreError.self) { try RedisStore("redis://127.0.0.1", namespace: name) }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test func `a certificate file that does not exist is an error at once`() {
        let tls = RedisTLS(certificateAuthorityFile: "/nowhere/at/all.pem")
        let error = #expect(throws: StoreError.self) {
            try RedisStore("rediss://127.0.0.1", namespace: "n", tls: tls)
        }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("can't be used") == true)
    }

    @Test(arguments: [
        ("redis://127.0.0.1", RedisTLS(certificateAuthorityFile: "/ca.pem"), "rediss"),
        ("rediss://127.0.0.1", RedisTLS(certificateFile: "/own.pem"), "privateKeyFile"),
        ("rediss://127.0.0.1", RedisTLS(privateKeyFile: "/own.key"), "certificateFile"),
    ])
    func `TLS settings without effect are refused`(address: String, tls: RedisTLS, word: String) {
        let error = #expect(throws: StoreError.self) { try RedisStore(address, namespace: "n", tls: tls) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(word) == true)
    }
}
