<?php
// Sets up a fresh WordPress from the command line: php wordpress.php FOLDER < settings.json
// Prints one JSON object: the moderator's application password, and what was written.
$given = json_decode(stream_get_contents(STDIN), true);
$_SERVER['HTTP_HOST'] = parse_url($given['url'], PHP_URL_HOST) . ':' . parse_url($given['url'], PHP_URL_PORT);
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
define('WP_INSTALLING', true);
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
ob_start();
wp_install('Brackwater School of Dance', 'owner', 'owner@example.org', true, '', wp_generate_password(), 'en_GB');
update_option('siteurl', $given['url']);
update_option('home', $given['url']);
update_option('timezone_string', 'Europe/London');
update_option('comment_moderation', 0);
update_option('comment_previously_approved', 0);
update_option('require_name_email', 1);
$moderator = wp_insert_user([
    'user_login' => 'safeguarding', 'user_pass' => wp_generate_password(),
    'user_email' => 'safeguarding@example.org', 'role' => 'editor',
]);
[$password] = WP_Application_Passwords::create_new_application_password($moderator, ['name' => 'Chaperone']);
$article = wp_insert_post([
    'post_title' => 'The summer show', 'post_content' => $given['article'],
    'post_status' => 'publish', 'comment_status' => 'open', 'post_author' => 1,
]);
$kind = wp_insert_comment([
    'comment_post_ID' => $article, 'comment_author' => 'Ottoline Vane', 'comment_content' => $given['kind'],
    'comment_author_email' => 'ottoline@example.org', 'comment_approved' => 1,
]);
ob_end_clean();
echo json_encode([
    'password' => $password, 'article' => $article, 'kind' => $kind,
    'version' => get_bloginfo('version'),
]);
