/// An authority that shares something with the other processes of a fleet, such as an issuer's keys.
package protocol SharingAuthority: TokenAuthority {
    /// Shares from now on, through the store of a cache whose verifier asks this authority.
    func share(through records: SharedRecords)
}
