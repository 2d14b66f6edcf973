// In the order of rclone 1.60's menu, so that its numbers mean the same here.
const names = {
  AWS: 'Amazon Web Services',
  Alibaba: 'Alibaba Cloud Object Storage (OSS)',
  Ceph: 'Ceph Object Gateway',
  ChinaMobile: 'China Mobile Ecloud',
  Cloudflare: 'Cloudflare R2',
  ArvanCloud: 'Arvan Cloud',
  DigitalOcean: 'DigitalOcean Spaces',
  Dreamhost: 'Dreamhost DreamObjects',
  HuaweiOBS: 'Huawei Object Storage Service',
  IBMCOS: 'IBM Cloud Object Storage',
  IDrive: 'IDrive e2',
  IONOS: 'IONOS Cloud',
  LyveCloud: 'Seagate Lyve Cloud',
  Minio: 'MinIO',
  Netease: 'Netease Object Storage',
  RackCorp: 'RackCorp Object Storage',
  Scaleway: 'Scaleway Object Storage',
  SeaweedFS: 'SeaweedFS',
  StackPath: 'StackPath Object Storage',
  Storj: 'Storj',
  TencentCOS: 'Tencent Cloud Object Storage',
  Wasabi: 'Wasabi',
  Qiniu: 'Qiniu Kodo',
  Other: 'Any other service: CSC Allas (a3s.fi), OpenStack Swift, Garage …',
};

/** What the option `provider` may be. */
export const providerExamples = Object.entries(names).map(([value, help]) => ({ value, help }));
